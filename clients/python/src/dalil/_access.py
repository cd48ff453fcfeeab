"""Who calls, and over which connection."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

KEY_VARIABLE = "DALIL_API_KEY"

_Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Access:
    """What a client is given about the connection; see `Client`."""

    api_key: str | None
    tenant: str
    tls: bool
    tls_ca: str | os.PathLike[str] | None
    tls_cert: str | os.PathLike[str] | None
    tls_key: str | os.PathLike[str] | None
    tls_server_name: str
    allow_plaintext: bool


@dataclass(frozen=True)
class Connection:
    """How to make a channel."""

    address: str
    credentials: grpc.ChannelCredentials | None  # None: without TLS
    options: list[tuple[str, Any]]
    headers: _Headers  # of every call


def connection(address: str, access: Access, credentials: grpc.ChannelCredentials | None) -> Connection:
    """Returns how to connect. ValueError says what is wrong with an address, a file or a key."""
    tls = access.tls or any((access.tls_ca, access.tls_cert, access.tls_key, access.tls_server_name))
    address, tls = _address(address, tls, credentials is not None)
    if tls and credentials is not None:
        raise ValueError("credentials: cannot be combined with tls, tls_ca, tls_cert, tls_key, tls_server_name or https://")
    if tls:
        credentials = _credentials(access)
    key = access.api_key if access.api_key is not None else os.environ.get(KEY_VARIABLE, "")
    key = key.strip()
    headers: _Headers = ()
    if key:
        if not key.isascii() or not key.isprintable() or " " in key:
            name = KEY_VARIABLE if access.api_key is None else "api_key"
            raise ValueError(f"{name}: must be one key, but there is white space or a character outside ASCII in it")
        if credentials is None and not access.allow_plaintext and not _is_local(address):
            raise ValueError(
                f"the key is not sent to {address} without encryption: give tls=True, or tls_ca with the file of the "
                "server's CA; allow_plaintext=True sends it readable for everyone on the network"
            )
        headers += (("authorization", "Bearer " + key),)
    if access.tenant:
        headers += (("dalil-tenant", access.tenant),)
    options: list[tuple[str, Any]] = []
    if access.tls_server_name:
        options.append(("grpc.ssl_target_name_override", access.tls_server_name))
    return Connection(address, credentials, options, headers)


def _address(address: str, tls: bool, secure: bool) -> tuple[str, bool]:
    scheme, found, rest = address.partition("://")
    if not found or scheme not in ("https", "grpcs", "http", "grpc"):
        return address, tls
    if scheme in ("http", "grpc") and (tls or secure):
        raise ValueError(f"{address} is an address without TLS; write {scheme}s://{rest}")
    rest = rest.rstrip("/")
    host, _, port = rest.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"{address}: must be {scheme}://HOST:PORT, with the port of gRPC")
    return rest, tls or scheme in ("https", "grpcs")


def _credentials(access: Access) -> grpc.ChannelCredentials:
    if bool(access.tls_cert) != bool(access.tls_key):
        raise ValueError("tls_cert and tls_key: give both, or neither")
    return grpc.ssl_channel_credentials(
        root_certificates=_read("tls_ca", access.tls_ca),
        private_key=_read("tls_key", access.tls_key),
        certificate_chain=_read("tls_cert", access.tls_cert),
    )


def _read(name: str, path: str | os.PathLike[str] | None) -> bytes | None:
    if not path:
        return None
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{name} {os.fspath(path)}: {error.strerror or error}") from None
    if b"-----BEGIN " not in data:
        raise ValueError(f"{name} {os.fspath(path)}: contains nothing in PEM")
    return data


def _is_local(address: str) -> bool:
    """Whether every server of an address is on this machine."""
    scheme, _, rest = address.partition(":")
    if scheme in ("unix", "unix-abstract"):
        return True
    if scheme in ("ipv4", "ipv6"):
        return all(_is_loopback(one) for one in rest.split(","))
    if "://" in address:
        address = address.partition("://")[2].partition("/")[2]
    elif scheme == "dns":
        address = rest
    return _is_loopback(address)


def _is_loopback(address: str) -> bool:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        host = address
    host = host.strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Headed:
    """A channel whose calls have headers. The generated stubs are made with it."""

    def __init__(self, channel: Any, headers: _Headers) -> None:
        self._channel, self._headers = channel, headers

    def unary_unary(self, *args: Any, **named: Any) -> Any:
        return _Call(self._channel.unary_unary(*args, **named), self._headers)

    def unary_stream(self, *args: Any, **named: Any) -> Any:
        return _Call(self._channel.unary_stream(*args, **named), self._headers)

    def stream_unary(self, *args: Any, **named: Any) -> Any:
        return _Call(self._channel.stream_unary(*args, **named), self._headers)

    def stream_stream(self, *args: Any, **named: Any) -> Any:
        return _Call(self._channel.stream_stream(*args, **named), self._headers)


class _Call:
    """A method of a stub."""

    def __init__(self, call: Any, headers: _Headers) -> None:
        self._call, self._headers = call, headers

    def __call__(self, *args: Any, metadata: Any = None, **named: Any) -> Any:
        return self._call(*args, metadata=self._with(metadata), **named)

    def with_call(self, *args: Any, metadata: Any = None, **named: Any) -> Any:
        return self._call.with_call(*args, metadata=self._with(metadata), **named)

    def future(self, *args: Any, metadata: Any = None, **named: Any) -> Any:
        return self._call.future(*args, metadata=self._with(metadata), **named)

    def _with(self, metadata: Any) -> _Headers:
        return (*(metadata or ()), *self._headers)


def headed(channel: Any, headers: _Headers) -> Any:
    """Returns a channel for the stubs, whose calls have the headers."""
    return Headed(channel, headers) if headers else channel


