package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
)

// WithTLS makes [Dial] encrypt the connection and verify the server's certificate. The
// zero value of config trusts the CAs of the system and shows no client certificate. TLS
// 1.2 is the oldest version unless config names another one.
func WithTLS(config *tls.Config) grpc.DialOption {
	config = config.Clone()
	if config.MinVersion == 0 {
		config.MinVersion = tls.VersionTLS12
	}
	return grpc.WithTransportCredentials(alerting{credentials.NewTLS(config)})
}

// WithAPIKey makes [Dial] send a key, or a token of an identity provider, with every call
// and every stream: "authorization: Bearer KEY". A key must not be readable on the
// network. So if the connection is not encrypted, and the address is not one of this
// machine, the key is not sent and the call fails with UNAUTHENTICATED; see
// [AllowPlaintext].
func WithAPIKey(key string) grpc.DialOption { return headerOption{key: key} }

// WithTenant makes [Dial] name the tenant of every call: "dalil-tenant: NAME". Servers
// accept it from keys of scope admin only. The tenant of any other key is fixed.
func WithTenant(name string) grpc.DialOption { return headerOption{tenant: name} }

// AllowPlaintext lets [WithAPIKey] send the key over connections that are not encrypted.
// Whoever can read the network between this machine and the server can then read the key
// and use it.
func AllowPlaintext() grpc.DialOption { return headerOption{plaintext: true} }

// TenantHeader is the header of a call that names its tenant.
const TenantHeader = "dalil-tenant"

// headerOption is an option of Dial that gRPC itself ignores.
type headerOption struct {
	grpc.EmptyDialOption
	key, tenant string
	plaintext   bool
}

// headersOf returns what the options make every call send; nil: nothing.
func headersOf(address string, options []grpc.DialOption) *headers {
	h := &headers{values: map[string]string{}, local: isLocal(address)}
	for _, o := range options {
		if o, ok := o.(headerOption); ok {
			if o.key != "" {
				h.values["authorization"] = "Bearer " + o.key
			}
			if o.tenant != "" {
				h.values[TenantHeader] = o.tenant
			}
			h.plaintext = h.plaintext || o.plaintext
		}
	}
	if len(h.values) == 0 {
		return nil
	}
	return h
}

// headers are the credentials of every call.
type headers struct {
	values    map[string]string
	local     bool // the server is on this machine
	plaintext bool // the key may go over a connection that is not encrypted
}

// GetRequestMetadata returns the headers, unless they have a key that the connection
// would show to others.
func (h *headers) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	if h.values["authorization"] == "" || h.local || h.plaintext {
		return h.values, nil
	}
	info, _ := credentials.RequestInfoFromContext(ctx)
	switch {
	case credentials.CheckSecurityLevel(info.AuthInfo, credentials.PrivacyAndIntegrity) == nil:
		return h.values, nil
	case strings.HasPrefix(info.Method, healthService):
		return nil, nil
	}
	return nil, status.Error(codes.Unauthenticated, unprotected)
}

// healthService begins the methods that need no key. gRPC watches the health of each
// connection, and makes no call on one before it has an answer.
const healthService = "/grpc.health.v1.Health/"

// unprotected is why a key is not sent.
const unprotected = "the key was not sent, because the connection is not encrypted; use TLS, or allow plaintext"

// RequireTransportSecurity lets gRPC use the headers on any connection. GetRequestMetadata
// checks it, as the rule has exceptions.
func (*headers) RequireTransportSecurity() bool { return false }

// isLocal reports whether an address of Dial is one of this machine.
func isLocal(address string) bool {
	if strings.HasPrefix(address, "unix:") || strings.HasPrefix(address, "unix-abstract:") {
		return true
	}
	if u, err := url.Parse(address); err == nil && u.Host == "" && strings.Contains(address, "://") {
		address = strings.TrimPrefix(u.Path, "/") // dns:///HOST:PORT
	} else if err == nil && u.Host != "" { // dns://RESOLVER/HOST:PORT
		address = strings.TrimPrefix(u.Path, "/")
	}
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
