"""A certificate for a server in a room without the internet: made here, for its own names, and trusted by whoever installs its
root. The root may vouch for these names alone, and its key is never written: nobody can make a second certificate with it.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config import CERTIFICATE, CERTIFICATE_KEY

# What phones still take.
DAYS = 397
ROOT = "root.pem"


@dataclass(frozen=True, slots=True)
class Made:
    """Where it lies, and by what one recognises the root before trusting it."""

    folder: Path
    fingerprint: str


def make(folder: Path, names: Sequence[str], today: datetime.datetime) -> Made:
    """Write root, certificate and key for these names and addresses into a folder; what was there is replaced.

    Raises: ValueError when there is no name, or one that no certificate can hold.
    """
    wanted = [_general(name) for name in dict.fromkeys(names)]
    if not wanted:
        raise ValueError("no name")
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _name(f"Palabre {names[0]}")
    root = (
        _begun(root_name, root_name, root_key.public_key(), today)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints([_constraint(name) for name in wanted], None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _begun(_name(names[0]), root_name, key.public_key(), today)
        .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(
        folder / CERTIFICATE_KEY,
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    _write(folder / CERTIFICATE, leaf.public_bytes(pem))
    _write(folder / ROOT, root.public_bytes(pem))
    digest = root.fingerprint(hashes.SHA256()).hex().upper()
    return Made(folder, ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)))


def how_to_trust(made: Made, names: Sequence[str]) -> str:
    """What an operator does next, for the terminal."""
    return _TRUST.format(
        folder=made.folder, names=", ".join(dict.fromkeys(names)), fingerprint=made.fingerprint, days=DAYS
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, today: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A phone whose clock is behind must not refuse it.
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=DAYS - 1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _constraint(name: x509.GeneralName) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)


_TRUST = """A certificate for {names}, good for {days} days, is in {folder}.

Start the server with it:    PALABRE_CERTIFICATE={folder} make run

Each device must trust it once. Copy root.pem to it (by a stick, or a cable), and compare its SHA-256:
  {fingerprint}
  Android   Settings > Security > Encryption and credentials > Install a certificate > CA certificate
  iPhone    open the file, then Settings > General > VPN & Device Management > install it, and then
            Settings > General > About > Certificate Trust Settings > switch it on
  Windows   double-click it (renamed to root.crt) > Install Certificate > Trusted Root Certification Authorities
  macOS     double-click it > Keychain Access > System > the certificate > Trust > Always Trust
  Linux     copy it to /usr/local/share/ca-certificates/palabre.crt, then update-ca-certificates; Firefox: Settings > Certificates
The root can vouch for these names alone, and its key was not kept. key.pem is secret: it stays on this machine."""
