lane-app = app
