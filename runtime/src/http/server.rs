//! The listener, its protection against slow and many clients, and the orderly stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use salvo::conn::tcp::TcpAcceptor;
use salvo::fuse::FuseConfig;
use salvo::{Server, Service};
use tokio::net::TcpListener;

/// Connections that are served at once. More wait in the backlog of the operating system.
const MAX_CONNECTIONS: usize = 2048;
/// What hyper reads of a request head before it gives up by itself. Larger than our own limits, so that a client
/// just over them gets a problem document and not a bare status.
const HEAD_BUFFER: usize = 64 * 1024;
/// Header lines that hyper parses; our own limit is lower, for the same reason.
const HEADER_LINES: usize = 256;
/// A client has this long to send a complete request head.
const HEAD_TIME: Duration = Duration::from_secs(15);

/// A bound listener.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

/// Opens the port. Nothing is answered before [`Bound::serve`].
///
/// # Errors
/// Whatever the operating system says, such as an address in use.
pub async fn bind(address: SocketAddr) -> io::Result<Bound> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok(Bound { listener, address })
}

impl Bound {
    /// The address with the port that was really opened.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` ends, then lets running requests finish for at most `drain`.
    ///
    /// # Errors
    /// Where the listener cannot be used.
    pub async fn serve(
        self,
        service: Service,
        stop: impl Future<Output = ()> + Send + 'static,
        drain: Duration,
    ) -> io::Result<()> {
        let mut server = Server::new(TcpAcceptor::try_from(self.listener)?)
            .max_connections(MAX_CONNECTIONS)
            .fuse_config(FuseConfig::strict().with_http1_header_timeout(HEAD_TIME));
        server
            .http1_mut()
            .max_buf_size(HEAD_BUFFER)
            .max_headers(HEADER_LINES);
        let handle = server.handle();
        tokio::spawn(async move {
            stop.await;
            handle.stop_graceful(drain);
        });
        server.try_serve(service).await
    }
}

/// Ends on SIGTERM or SIGINT.
///
/// # Errors
/// Where the signals cannot be listened to.
#[cfg(unix)]
pub fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends on Ctrl-C.
///
/// # Errors
/// Never; the signature is that of the Unix form.
#[cfg(not(unix))]
pub fn signals() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
