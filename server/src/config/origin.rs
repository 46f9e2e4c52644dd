//! The address that people type: decides how cookies are made and which requests are our own.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::{HeaderValue, Uri};

/// The server's address as browsers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    is_https: bool,
    authority: String,
    is_loopback: bool,
}

/// Why an origin is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// It is not an address.
    #[error("write it as https://percorso.example.it, without a path")]
    Malformed,
    /// Passwords would travel in clear.
    #[error("only this machine may be reached over http: use https://")]
    Clear,
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let uri: Uri = text.parse().map_err(|_| OriginError::Malformed)?;
        let authority = uri.authority().ok_or(OriginError::Malformed)?.as_str();
        if uri.path().len() > 1 || uri.query().is_some() || authority.contains('@') {
            return Err(OriginError::Malformed);
        }
        let is_loopback = is_loopback(authority);
        match uri.scheme_str() {
            Some("https") => Ok(Self {
                is_https: true,
                authority: authority.to_ascii_lowercase(),
                is_loopback,
            }),
            Some("http") if is_loopback => Ok(Self {
                is_https: false,
                authority: authority.to_ascii_lowercase(),
                is_loopback,
            }),
            Some("http") => Err(OriginError::Clear),
            _ => Err(OriginError::Malformed),
        }
    }
}

impl Origin {
    /// The origin of a server that is reached directly.
    ///
    /// # Errors
    /// The server would be reached from other machines without https.
    pub fn of(addr: SocketAddr) -> Result<Self, OriginError> {
        if !addr.ip().is_loopback() {
            return Err(OriginError::Clear);
        }
        Ok(Self {
            is_https: false,
            authority: addr.to_string(),
            is_loopback: true,
        })
    }

    /// Whether browsers reach the server over https.
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether a request's `Host` is this server. A page of another name that resolves to this
    /// machine (DNS rebinding) is not.
    pub fn is_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        host == self.authority || (self.is_loopback && is_loopback(&host))
    }

    /// Whether a request's `Origin` is the page of the same server that `host` names.
    pub fn is_same(&self, origin: &str, host: &str) -> bool {
        let scheme = if self.is_https { "https" } else { "http" };
        origin
            .to_ascii_lowercase()
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"))
            .is_some_and(|named| named == host.to_ascii_lowercase() || named == self.authority)
    }

    /// A cookie's name here: `__Host-` binds it to this very host, where there is https.
    pub fn cookie_name(&self, name: &str) -> String {
        if self.is_https {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// A cookie that scripts cannot read and other sites cannot send. Age 0 removes it.
    pub fn cookie(&self, name: &str, value: &str, age_s: i64) -> HeaderValue {
        let name = self.cookie_name(name);
        let secure = if self.is_https { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).expect("names and values are letters and digits")
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let ip = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || ip
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_never_travel_in_clear_to_another_machine() {
        let check = |text: &str, expected| {
            assert_eq!(
                text.parse::<Origin>().map(|o| o.is_https()),
                expected,
                "{text}"
            );
        };
        check("https://percorso.example.it", Ok(true));
        check("https://percorso.example.it/", Ok(true));
        check("http://127.0.0.1:3000", Ok(false));
        check("http://[::1]:3000", Ok(false));
        check("http://localhost:3000", Ok(false));
        check("http://percorso.example.it", Err(OriginError::Clear));
        check(
            "https://percorso.example.it/app",
            Err(OriginError::Malformed),
        );
        check("percorso", Err(OriginError::Malformed));
    }

    #[test]
    fn a_name_that_only_resolves_here_is_not_this_server() {
        let origin: Origin = "http://127.0.0.1:3000".parse().expect("an origin");
        assert!(origin.is_host("127.0.0.1:3000"));
        assert!(origin.is_host("localhost:3000"));
        assert!(!origin.is_host("evil.example:3000"));
        assert!(!origin.is_host("127.0.0.1.evil.example"));
        assert!(origin.is_same("http://localhost:3000", "localhost:3000"));
        assert!(!origin.is_same("http://evil.example", "localhost:3000"));
        assert!(!origin.is_same("null", "localhost:3000"));
    }

    #[test]
    fn cookies_are_bound_to_the_host_under_https() {
        let https: Origin = "https://percorso.example.it".parse().expect("an origin");
        let cookie = https.cookie("percorso", "ab", 60);
        let cookie = cookie.to_str().expect("text");
        assert!(
            cookie.starts_with("__Host-percorso=ab; Path=/; "),
            "{cookie}"
        );
        for flag in ["Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
    }
}
