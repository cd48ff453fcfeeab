"""Prints a key set and tokens for the tests, made with PyJWT and new keys, as one JSON object.

    python3 make.py > tokens.json      (needs the packages PyJWT and cryptography)

The times are fixed: the tests set the clock to "now". No private key is kept.
"""

import base64
import hashlib
import hmac
import json

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

NOW = 1777636800  # 2026-05-01T12:00:00Z
ISSUER = "https://issuer.example.org"
AUDIENCE = "https://dalil.example.org"


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def public(key, kid, **more):
    algorithm = {rsa.RSAPrivateKey: jwt.algorithms.RSAAlgorithm, ec.EllipticCurvePrivateKey: jwt.algorithms.ECAlgorithm}
    of = next((a for kind, a in algorithm.items() if isinstance(key, kind)), jwt.algorithms.OKPAlgorithm)
    return {**json.loads(of.to_jwk(key.public_key())), "kid": kid, **more}


keys = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ec": ec.generate_private_key(ec.SECP256R1()),
    "ed": ed25519.Ed25519PrivateKey.generate(),
    "weak": rsa.generate_private_key(public_exponent=65537, key_size=1024),
    "encryption": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "withdrawn": rsa.generate_private_key(public_exponent=65537, key_size=2048),
}
jwks = [
    public(keys["rsa"], "rsa", use="sig", alg="RS256"),
    public(keys["ec"], "ec", use="sig"),
    public(keys["ed"], "ed"),
    public(keys["weak"], "weak", use="sig"),
    public(keys["encryption"], "encryption", use="enc"),
    {"kty": "oct", "kid": "oct", "k": b64(b"0" * 32)},
    {"kty": "of the future", "kid": "new"},
]

CLAIMS = {
    "iss": ISSUER, "aud": [AUDIENCE, "other"], "sub": "u-123", "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3600,
    "scope": "openid dalil.search dalil.write", "org": "news", "roles": {"groups": ["staff", "press and radio"]}, "email": "mona@example.org",
}
tokens = []


def sign(claims, kid="rsa", algorithm=None, key=None, **headers):
    algorithm = algorithm or {"rsa": "RS256", "ec": "ES256", "ed": "EdDSA", "weak": "RS256", "encryption": "RS256", "withdrawn": "RS256"}[kid]
    return jwt.encode(claims, key or keys[kid], algorithm=algorithm, headers={"kid": kid, **headers})


def token(name, text, reason=""):
    tokens.append({"name": name, "token": text, "reason": reason})


def claims(drop=(), **more):
    return {k: v for k, v in {**CLAIMS, **more}.items() if k not in drop}


def raw(header, payload, signature=b""):
    body = b64(json.dumps(header).encode()) + "." + b64(json.dumps(payload).encode())
    return body + "." + b64(signature(body.encode()) if callable(signature) else signature)


for kid in ("rsa", "ec", "ed"):
    token(kid, sign(claims(), kid))
token("at+jwt", sign(claims(), typ="at+JWT"))
token("a list of scopes", sign(claims(scope=["dalil.search", "dalil.write", "email"])))
token("one group", sign(claims(roles={"groups": "staff and press"})))
token("no groups", sign(claims(roles={})))
token("clocks that differ", sign(claims(nbf=NOW + 25, iat=NOW + 25)))
token("just over", sign(claims(exp=NOW - 25)))
token("one audience", sign(claims(aud=AUDIENCE)))

token("expired", sign(claims(exp=NOW - 3600)), "expired")
token("not yet", sign(claims(nbf=NOW + 3600)), "early")
token("issued in the future", sign(claims(iat=NOW + 3600)), "early")
token("no exp", sign(claims(drop=["exp"])), "claims")
token("exp of text", raw({"alg": "RS256", "kid": "rsa"}, claims(exp="tomorrow"),
                         lambda body: jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(body, keys["rsa"])), "claims")
token("another issuer", sign(claims(iss="https://evil.example.org")), "unknown")
token("no issuer", sign(claims(drop=["iss"])), "claims")
token("another audience", sign(claims(aud=["other"])), "unknown")
token("no audience", sign(claims(drop=["aud"])), "claims")
token("another issuer, expired", sign(claims(iss="https://evil.example.org", exp=NOW - 3600)), "unknown")
token("another key", sign(claims(), "rsa", key=keys["withdrawn"]), "unknown")
token("a key that the issuer does not have", sign(claims(), "withdrawn"), "unknown")
token("a short key", sign(claims(), "weak"), "unknown")
token("a key for encryption", sign(claims(), "encryption"), "unknown")
token("no kid", jwt.encode(claims(), keys["rsa"], algorithm="RS256"), "malformed")
token("a kid that is a number", raw({"alg": "RS256", "kid": 7}, claims(), b"x"), "malformed")
token("another algorithm than the key's", sign(claims(), "rsa", "PS256"), "unknown")
token("RS512", sign(claims(), "rsa", "RS512"), "unknown")
token("none", jwt.encode(claims(), None, algorithm="none", headers={"kid": "rsa"}), "unknown")
token("None", raw({"alg": "None", "kid": "rsa"}, claims()), "malformed")
pem = keys["rsa"].public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
token("HS256 with the public key", raw({"alg": "HS256", "kid": "rsa"}, claims(), lambda body: hmac.digest(pem, body, hashlib.sha256)), "unknown")
token("HS256 with the shared key", jwt.encode(claims(), b"0" * 32, algorithm="HS256", headers={"kid": "oct"}), "unknown")
token("ES256 with an RSA key", raw({"alg": "ES256", "kid": "rsa"}, claims(), b"\1" * 64), "unknown")
token("a key of its own", sign(claims(), "withdrawn", jwk=public(keys["withdrawn"], "withdrawn")), "unknown")
token("critical", sign(claims(), crit=["exp"]), "malformed")
token("a logout token", sign(claims(), typ="logout+jwt"), "malformed")
token("no tenant", sign(claims(drop=["org"])), "claims")
token("an empty tenant", sign(claims(org="")), "claims")
token("a tenant of null", sign(claims(org=None)), "claims")
token("a list of tenants", sign(claims(org=["news"])), "claims")
token("a wrong tenant", sign(claims(org="News/../x")), "claims")
token("a group for everyone", sign(claims(roles={"groups": ["*"]})), "claims")
token("a group of a number", sign(claims(roles={"groups": [1]})), "claims")
token("too many groups", sign(claims(roles={"groups": [f"g{i}" for i in range(300)]})), "claims")
token("no subject", sign(claims(drop=["sub"])), "claims")
token("no name", sign(claims(drop=["email"])), "claims")
token("other scopes", sign(claims(scope="openid search write")), "scope")
token("no scopes", sign(claims(drop=["scope"])), "scope")
token("scopes of a number", sign(claims(scope=1)), "claims")
token("too long", sign(claims(more="x" * 8192)), "malformed")
token("a payload that is a list", raw({"alg": "RS256", "kid": "rsa"}, [1], b"x"), "malformed")
token("two parts", ".".join(sign(claims()).split(".")[:2]), "malformed")
token("an API key", "dalil_000000000000_0000000000000000000000000000000000000000000000000", "malformed")

print(json.dumps({"now": NOW, "issuer": ISSUER, "audience": AUDIENCE, "jwks": {"keys": jwks}, "tokens": tokens}, indent=1))
