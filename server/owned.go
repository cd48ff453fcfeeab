package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dalil/corpus"
)

// With an authenticator, a page token belongs to the caller that got it: it ends with a
// dot and a code, an HMAC of the token, the tenant and the id of the credential. A token
// of another caller, or one that was made up, is refused. The tokens of a server without
// an authenticator have no code.

// ownedBytes is the length of the code.
const ownedBytes = 16

// tokenFields are the fields that have page tokens, of requests and of answers.
var tokenFields = map[protoreflect.Name]bool{
	"page_token": true, "text_page_token": true, "passage_page_token": true,
	"next_page_token": true, "next_text_page_token": true, "next_passage_page_token": true,
}

// ownedUnary takes the code off the page tokens of a request, and puts one on those of
// the answer.
func (r *serving) ownedUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	p, known := corpus.PrincipalOf(ctx)
	if r.options.Authenticator == nil || !known {
		return handler(ctx, req)
	}
	eachToken(req, func(token string) string {
		bare, code, _ := strings.Cut(token, ".")
		if !hmac.Equal([]byte(code), []byte(r.code(bare, &p))) {
			return "." + token // which no method accepts
		}
		return bare
	})
	answer, err := handler(ctx, req)
	if err == nil {
		eachToken(answer, func(token string) string { return token + "." + r.code(token, &p) })
	}
	return answer, err
}

// code returns the code of a caller's token.
func (r *serving) code(token string, p *corpus.Principal) string {
	mac := hmac.New(sha256.New, r.options.TokenKey)
	for _, part := range []string{p.Tenant, p.ID, token} {
		mac.Write([]byte(part))
		mac.Write([]byte{0}) // in none of them
	}
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:ownedBytes])
}

// eachToken replaces the page tokens of a message, also those of the messages in it.
func eachToken(message any, replace func(token string) string) {
	if m, is := message.(proto.Message); is {
		eachTokenOf(m.ProtoReflect(), replace)
	}
}

func eachTokenOf(m protoreflect.Message, replace func(token string) string) {
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() == protoreflect.StringKind && !f.IsList() && tokenFields[f.Name()]:
			m.Set(f, protoreflect.ValueOfString(replace(v.String())))
		case f.Kind() != protoreflect.MessageKind || f.IsMap() || !mayHaveToken(f.Message()):
		case f.IsList():
			for i := range v.List().Len() {
				eachTokenOf(v.List().Get(i).Message(), replace)
			}
		default:
			eachTokenOf(v.Message(), replace)
		}
		return true
	})
}

// mayHaveToken reports whether a message inside of another one may have page tokens: the
// questions and answers of a batch.
func mayHaveToken(m protoreflect.MessageDescriptor) bool {
	for name := range tokenFields {
		if m.Fields().ByName(name) != nil {
			return true
		}
	}
	return m.FullName() == "dalil.v1.BatchSearchResult"
}
