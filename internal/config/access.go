package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Access says who may call a server. Without any of its settings, everybody may.
type Access struct {
	Keys string `koanf:"keys" doc:"file of the API keys, which dalil keys makes; read again when it changes; empty: no keys"`
	JWT  JWT    `koanf:"jwt"`

	PageTokenKey string `koanf:"page_token_key" doc:"file with a secret of at least 32 bytes, with which page tokens are bound to their callers; servers with one secret accept each other's tokens; empty: each process makes its own"`
}

// JWT says which tokens of an issuer are accepted.
type JWT struct {
	Issuer      string        `koanf:"issuer" doc:"iss of the tokens; empty: no tokens are accepted"`
	Audience    []string      `koanf:"audience" doc:"aud of the tokens must have one of these"`
	KeySet      string        `koanf:"jwks" doc:"public keys of the issuer (JSON Web Key Set): an https address, or the path of a file, which is read again when it changes"`
	Algorithms  []string      `koanf:"algorithms" doc:"algorithms of signatures that are accepted: RS256, RS384, RS512, ES256, ES384, EdDSA"`
	ScopesClaim string        `koanf:"scopes_claim" doc:"claim with the scopes: a list, or a text with spaces; a name with dots is a path of objects"`
	ScopePrefix string        `koanf:"scope_prefix" doc:"beginning of each value that is a scope here: with dalil. the value dalil.search is the scope search; other values are ignored"`
	TenantClaim string        `koanf:"tenant_claim" doc:"claim with the tenant, which each token must then have; empty: tokens are of the tenant without a name"`
	GroupsClaim string        `koanf:"groups_claim" doc:"claim with the groups: a list, or one text; empty: callers see only documents for everyone"`
	NameClaim   string        `koanf:"name_claim" doc:"claim with the caller's name for logs"`
	Leeway      time.Duration `koanf:"leeway" doc:"how far the clocks of issuer and server may differ"`
	Refresh     time.Duration `koanf:"refresh" doc:"how often the keys at an address are read again; a key that is not known is looked for at once"`
	Proxy       Proxy         `koanf:"proxy" doc:"how to reach the address of jwks: environment, none, or the address of a proxy, as embedder.proxy"`
}

func defaultAccess() Access {
	return Access{JWT: JWT{
		Algorithms: []string{"RS256", "ES256", "EdDSA"}, ScopesClaim: "scope", NameClaim: "sub",
		Leeway: 30 * time.Second, Refresh: 15 * time.Minute, Proxy: proxyEnvironment,
	}}
}

// On reports whether callers must have a credential.
func (a Access) On() bool { return a.Keys != "" || a.JWT.On() }

// Summary says which credentials callers must have, for the log: "keys", "keys, tokens"
// or "none".
func (a Access) Summary() string {
	var accepted []string
	if a.Keys != "" {
		accepted = append(accepted, "keys")
	}
	if a.JWT.On() {
		accepted = append(accepted, "tokens")
	}
	if accepted == nil {
		return "none"
	}
	return strings.Join(accepted, ", ")
}

// On reports whether tokens are accepted.
func (j JWT) On() bool { return j.Issuer != "" || j.KeySet != "" || len(j.Audience) > 0 }

func (a Access) validate() error {
	if !a.JWT.On() {
		return nil
	}
	j := a.JWT
	for _, one := range []struct {
		key     string
		missing bool
	}{
		{"issuer", j.Issuer == ""},
		{"audience", len(j.Audience) == 0},
		{"jwks", j.KeySet == ""},
		{"algorithms", len(j.Algorithms) == 0},
		{"scopes_claim", j.ScopesClaim == ""},
		{"name_claim", j.NameClaim == ""},
	} {
		if one.missing {
			return fmt.Errorf("access.jwt.%s: is empty; tokens need access.jwt.issuer, audience and jwks, and the defaults of algorithms, scopes_claim and name_claim or other values", one.key)
		}
	}
	if u, err := url.Parse(j.KeySet); err == nil && u.User != nil {
		return errors.New("access.jwt.jwks: must have no user and password; the keys of an issuer are public")
	}
	allowed := []string{"RS256", "RS384", "RS512", "ES256", "ES384", "EdDSA"}
	for _, name := range j.Algorithms {
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("access.jwt.algorithms: must be of %s; has %q", strings.Join(allowed, ", "), name)
		}
	}
	if j.Leeway < 0 || j.Leeway > 5*time.Minute {
		return fmt.Errorf("access.jwt.leeway: must be 0 to 5m, is %v", j.Leeway)
	}
	if j.Refresh < 10*time.Second || j.Refresh > 24*time.Hour {
		return fmt.Errorf("access.jwt.refresh: must be 10s to 24h, is %v", j.Refresh)
	}
	return j.Proxy.validate("access.jwt.proxy")
}
