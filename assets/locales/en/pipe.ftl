pipe-send = send
