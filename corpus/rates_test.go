package corpus_test

import (
	"testing"

	"dalil/corpus"
)

// Whoever can choose the name in a token cannot use up the limits of a key with it.
func TestTokensShareNoLimitsWithKeys(t *testing.T) {
	for want, p := range map[string]corpus.Principal{
		"chatbot":                               {Name: "chatbot", ID: "ZGVEabcdefgh"},
		"jwt:user-17":                           {Name: "chatbot", ID: corpus.TokenPrefix + "user-17"},
		corpus.TenantKey("news", "jwt:user-17"): {Name: "chatbot", ID: corpus.TokenPrefix + "user-17", Tenant: "news"},
	} {
		if got := p.Caller(); got != want {
			t.Errorf("the limits of %+v are counted by %q, want %q", p, got, want)
		}
	}
}
