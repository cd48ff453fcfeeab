package server

import (
	"net/http"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/access"
)

// realm begins every WWW-Authenticate (RFC 6750, section 3).
const realm = `Bearer realm="dalil"`

// Challenge says in the header of an answer over HTTP how a caller whom err refuses
// can authenticate. It does nothing for other errors.
func Challenge(h http.Header, err error) {
	s := status.Convert(err)
	var about map[string]string
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			about = info.GetMetadata()
		}
	}
	switch {
	case s.Code() == codes.Unauthenticated && about[CredentialDetail] == string(access.Missing):
		h.Set("WWW-Authenticate", realm)
	case s.Code() == codes.Unauthenticated:
		h.Set("WWW-Authenticate", realm+`, error="invalid_token"`)
	case about[ScopeDetail] != "":
		h.Set("WWW-Authenticate", realm+`, error="insufficient_scope", scope="`+about[ScopeDetail]+`"`)
	}
}
