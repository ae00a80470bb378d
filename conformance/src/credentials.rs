//! Keys and certificates of one throw-away API server.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rcgen::{CertificateParams, KeyPair};

/// What a server and its clients on loopback need to trust each other.
#[derive(Debug)]
pub struct Credentials {
    folder: PathBuf,
    certificate: Vec<u8>,
    /// The bearer token of the only user, a cluster administrator.
    pub token: String,
}

impl Credentials {
    /// Writes fresh keys into `folder`.
    pub fn create(folder: &Path) -> Result<Self> {
        let key = KeyPair::generate()?;
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names)?.self_signed(&key)?;
        fs::write(folder.join("server.crt"), certificate.pem())?;
        fs::write(folder.join("server.key"), key.serialize_pem())?;

        let service_accounts = KeyPair::generate()?;
        fs::write(
            folder.join("accounts.key"),
            service_accounts.serialize_pem(),
        )?;
        fs::write(
            folder.join("accounts.pub"),
            service_accounts.public_key_pem(),
        )?;

        let token = random_token()?;
        fs::write(
            folder.join("tokens.csv"),
            format!("{token},conformance,1,\"system:masters\"\n"),
        )?;
        Ok(Self {
            folder: folder.to_owned(),
            certificate: certificate.der().to_vec(),
            token,
        })
    }

    /// A file of this set, as the argument of a flag.
    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// The server's certificate in DER, which is its own authority.
    pub fn certificate(&self) -> Vec<u8> {
        self.certificate.clone()
    }

    /// Writes a kubeconfig for the server at `url` and returns its path.
    pub fn write_kubeconfig(&self, url: &str) -> Result<PathBuf> {
        let path = self.folder.join("kubeconfig");
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: it\n\
             clusters: [{{name: it, cluster: {{server: '{url}', certificate-authority: '{}'}}}}]\n\
             users: [{{name: it, user: {{token: '{}'}}}}]\n\
             contexts: [{{name: it, context: {{cluster: it, user: it}}}}]\n",
            self.path("server.crt"),
            self.token
        );
        fs::write(&path, text)?;
        Ok(path)
    }
}

/// Half of a fresh public key: random, and no further crate for it.
fn random_token() -> Result<String> {
    use std::fmt::Write as _;
    let key = KeyPair::generate()?;
    let mut token = String::new();
    for byte in key.public_key_raw().iter().skip(1).take(16) {
        write!(token, "{byte:02x}")?;
    }
    Ok(token)
}
