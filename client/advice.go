package client

import (
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// troubles are errors of TLS that a person can do something about. The texts are those of
// crypto/tls and crypto/x509, which have no types once gRPC has wrapped them.
var troubles = []struct {
	parts []string // of the error, all of them
	says  string   // after "the server at ADDRESS"
}{
	{[]string{"x509: certificate signed by unknown authority"}, "has a certificate of an unknown CA; name the file of its CA with --tls-ca"},
	{[]string{"x509: certificate has expired or is not yet valid", "is before"}, "has a certificate that is not valid yet; check the clocks of both machines"},
	{[]string{"x509: certificate has expired or is not yet valid"}, "has a certificate that has expired; renew it on the server, or check the clock of this machine"},
	{[]string{"x509: certificate is valid for"}, "has a certificate for another name; connect by a name of the certificate, or give one with --tls-server-name"},
	{[]string{"x509: cannot validate certificate for"}, "has a certificate for another name; connect by a name of the certificate, or give one with --tls-server-name"},
	{[]string{"x509: certificate is not valid for any names"}, "has a certificate without a name; make a new one with the name or address of the server"},
	{[]string{"first record does not look like a TLS handshake"}, "does not use TLS; leave out --tls, --tls-ca and https://, or turn on TLS on the server"},
	{[]string{"tls: certificate required"}, "asks for a client certificate that its CA has signed; name one with --tls-cert and --tls-key"},
	{[]string{"remote error: tls: bad certificate"}, "refuses the client certificate; name one that its CA has signed with --tls-cert and --tls-key"},
	{[]string{"remote error: tls: unknown certificate authority"}, "refuses the client certificate; name one that its CA has signed with --tls-cert and --tls-key"},
	{[]string{"remote error: tls: expired certificate"}, "refuses the client certificate, because it has expired; name a new one with --tls-cert and --tls-key"},
	{[]string{"error reading server preface"}, closedEarly},
	{[]string{"transport: failed to write"}, closedEarly},
}

// closedEarly is how a server with TLS looks to a client without it.
const closedEarly = "closed the connection before it answered; if it uses TLS, add --tls, or --tls-ca with the file of its CA"

// Advice returns what a person should know about an error of a call that failed because of
// TLS, after "the server at ADDRESS"; "": it failed for another reason.
func Advice(err error) string {
	s, ok := status.FromError(err)
	if !ok || s.Code() != codes.Unavailable && s.Code() != codes.DeadlineExceeded {
		return ""
	}
	for _, t := range troubles {
		found := true
		for _, part := range t.parts {
			found = found && strings.Contains(s.Message(), part)
		}
		if found {
			return t.says
		}
	}
	return ""
}
