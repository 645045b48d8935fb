## A call failed. The sentence may be empty for an errno that has none.
fault-failed = { $name }: { $call } failed with { $errno }. { $sentence }

## The call was not made
fault-no-such-endpoint = No endpoint is called { $name }.
fault-name-taken = The name { $name } was used before, and a name is never used again.
fault-no-descriptor = { $name } has no descriptor any more: there is nothing to call it on.
fault-too-many = No more descriptors: the limit is { $limit }. Nothing that is open is lost.
fault-other = { $name }: { $why }

## errnos, as a program with TCP sockets meets them (errno(3), tcp(7), and the page of each call)
fault-eperm = The system does not permit it, or a firewall rule refused the packet.
fault-enoent = There is no such file.
fault-eintr = A signal interrupted the call.
fault-eio = The device could not read or write.
fault-ebadf = This descriptor is not open.
fault-eagain = Nothing to do now: no bytes, no connection, or no room in the buffer.
fault-enomem = The kernel has no memory for it.
fault-eacces = No permission: a port below 1024, a broadcast address, or a file of someone else.
fault-efault = The address of the buffer is not valid.
fault-enotdir = A part of the path is no folder.
fault-eisdir = This is a folder, not a file.
fault-einval = The call does not fit the socket or its argument: for example accept on a listener that was shut down.
fault-enfile = The whole system has no descriptors left.
fault-emfile = This process has no descriptors left.
fault-efbig = The file would become too large.
fault-enospc = No room is left on the device.
fault-erofs = The file system is read-only.
fault-epipe = The sending half is closed: by our own shutdown or close, or because a reset arrived after the peer's FIN.
fault-edom = The value is out of the range that this option allows.
fault-eproto = The protocol failed.
fault-enotsock = This descriptor is no socket.
fault-edestaddrreq = The socket has no peer to send to.
fault-emsgsize = The message is too long to be sent at once.
fault-enoprotoopt = This kernel does not know the option.
fault-eprotonosupport = This kernel does not speak the protocol.
fault-eopnotsupp = The socket cannot do this: for example connect on one that listens.
fault-eafnosupport = This kind of address is not supported here: for example IPv6 where it is switched off.
fault-eaddrinuse = The address and port are in use: another socket listens there, or an old connection is still in TIME-WAIT.
fault-eaddrnotavail = This machine has no such address, or no free port is left for this peer.
fault-enetdown = The network interface is down.
fault-enetunreach = No route leads to this network.
fault-enetreset = The keepalive found that the connection is gone.
fault-econnaborted = The connection was aborted on this machine, before it was accepted or by an administrator.
fault-econnreset = The connection was reset: a RST arrived, or data arrived after both halves were closed here.
fault-enobufs = The kernel has no buffer for it now.
fault-eisconn = The socket is connected already.
fault-enotconn = The socket is not connected: not yet, or no longer.
fault-eshutdown = The sending half was shut down.
fault-etimedout = Nobody answered in time: the peer, or the way to it, is silent.
fault-econnrefused = Nobody listens on that port: the answer to our SYN was a RST.
fault-ehostdown = The host is down.
fault-ehostunreach = No way leads to this host.
fault-ealready = An earlier connect of this socket is still under way.
fault-einprogress = The connect is under way.
