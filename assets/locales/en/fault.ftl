fault-epipe = the sending half is closed
