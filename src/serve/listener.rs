//! Where browsers are awaited.

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};

use crate::source::{Failure, say};

/// A place at which browsers are awaited.
pub struct Listener {
    pub(super) socket: TcpListener,
    pub(super) address: SocketAddr,
    /// The name under which it was asked for.
    pub(super) host: String,
}

impl Listener {
    /// Begins to listen at an address of this machine. Port 0 is any port that is free.
    pub fn bind(host: &str, port: u16) -> Result<Listener, Failure> {
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let address = format!("{host}:{port}");
        let doing = say!("listen on {address}", address);
        let failed = |cause: std::io::Error| {
            let why = match cause.kind() {
                std::io::ErrorKind::AddrInUse => {
                    say!("the port is in use; choose another with `--port`, or any free one with `--port 0`")
                }
                std::io::ErrorKind::PermissionDenied => {
                    say!("you have no permission to use this port; choose one above 1023 with `--port`")
                }
                std::io::ErrorKind::AddrNotAvailable => {
                    say!("this machine has no such address; correct `--host`")
                }
                _ => return Failure::new(doing.clone(), cause),
            };
            Failure::because(doing.clone(), why)
        };
        let addresses: Vec<SocketAddr> = (name, port).to_socket_addrs().map_err(failed)?.collect();
        let socket = TcpListener::bind(addresses.as_slice()).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Listener { socket, address, host: name.to_ascii_lowercase() })
    }

    /// The address of the site: `http://127.0.0.1:1111`.
    pub fn url(&self) -> String {
        let port = self.address.port();
        match self.host.parse::<IpAddr>() {
            // No browser can go to all addresses at once.
            Ok(IpAddr::V4(all)) if all.is_unspecified() => format!("http://127.0.0.1:{port}"),
            Ok(IpAddr::V6(all)) if all.is_unspecified() => format!("http://[::1]:{port}"),
            Ok(IpAddr::V6(address)) => format!("http://[{address}]:{port}"),
            _ => format!("http://{}:{port}", self.host),
        }
    }

    /// Whether only this machine can reach it.
    pub fn is_local(&self) -> bool {
        self.address.ip().is_loopback()
    }
}
