screen-connections = connections
