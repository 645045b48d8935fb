cli-passed = passed
