package jwt

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	gojwt "github.com/golang-jwt/jwt/v5"

	"dalil/access"
	"dalil/corpus"
)

// The limits of what a token says.
const (
	maxNameBytes = 256
	maxGroups    = 256
)

// principal makes a principal of the claims of a verified token.
func (t *Tokens) principal(claims gojwt.MapClaims) (p corpus.Principal, err error) {
	until, err := claims.GetExpirationTime()
	if err != nil || until == nil { // the parser has checked it
		return p, access.Refuse(access.Claims, "the token must have exp")
	}
	p.Expires = until.Add(t.o.Leeway)
	subject, err := text(claims, "sub", maxNameBytes)
	if err != nil {
		return corpus.Principal{}, err
	}
	p.ID = corpus.TokenPrefix + subject
	if p.Name, err = text(claims, t.o.Name, maxNameBytes); err != nil {
		return corpus.Principal{}, err
	}
	if t.o.Tenant != "" {
		if p.Tenant, err = text(claims, t.o.Tenant, corpus.MaxTenantBytes); err != nil {
			return corpus.Principal{}, err
		}
		if len(corpus.TenantViolations("tenant", p.Tenant)) > 0 {
			return corpus.Principal{}, wrong(t.o.Tenant, "is not the name of a tenant")
		}
	}
	if p.Groups, err = t.groups(claims); err != nil {
		return corpus.Principal{}, err
	}
	if p.Scopes, err = t.scopes(claims); err != nil {
		var refused *access.Refusal
		if errors.As(err, &refused) && refused.Kind == corpus.ErrForbidden {
			refused.Name = p.Name
		}
		return corpus.Principal{}, err
	}
	p.All = p.Scopes.Has(corpus.ScopeAdmin)
	return p, nil
}

// wrong is the refusal of a claim. It does not quote the token.
func wrong(claim, what string) error {
	return access.Refuse(access.Claims, fmt.Sprintf("the token's claim %s %s", claim, what))
}

// find returns a claim by its name. If no claim has the name, the name is a path of
// objects: "realm_access.roles" is roles in realm_access.
func find(claims map[string]any, name string) (any, bool) {
	if v, has := claims[name]; has {
		return v, v != nil
	}
	for at := range len(name) {
		if name[at] != '.' {
			continue
		}
		if inner, is := claims[name[:at]].(map[string]any); is {
			return find(inner, name[at+1:])
		}
	}
	return nil, false
}

// text returns a claim that must be a text.
func text(claims gojwt.MapClaims, name string, most int) (string, error) {
	v, has := find(claims, name)
	if !has {
		return "", wrong(name, "is missing")
	}
	s, is := v.(string)
	switch {
	case !is || s == "":
		return "", wrong(name, "is not a text, or is empty")
	case len(s) > most || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", wrong(name, fmt.Sprintf("has more than %d bytes or a control character", most))
	}
	return s, nil
}

// list returns a claim that is a list of texts or one text, and whether it was a list.
func list(claims gojwt.MapClaims, name string) (all []string, many bool, err error) {
	v, has := find(claims, name)
	if !has {
		return nil, false, nil
	}
	switch v := v.(type) {
	case string:
		return []string{v}, false, nil
	case []any:
		for _, item := range v {
			s, is := item.(string)
			if !is {
				return nil, true, wrong(name, "is a list with something that is not a text")
			}
			all = append(all, s)
		}
		return all, true, nil
	}
	return nil, false, wrong(name, "is neither a text nor a list")
}

// groups returns the groups of a token. The name of a group may have spaces, so a
// claim that is a text is one group.
func (t *Tokens) groups(claims gojwt.MapClaims) ([]string, error) {
	if t.o.Groups == "" {
		return nil, nil
	}
	all, _, err := list(claims, t.o.Groups)
	if err != nil {
		return nil, err
	}
	if len(all) > maxGroups {
		return nil, wrong(t.o.Groups, fmt.Sprintf("has more than %d groups", maxGroups))
	}
	for some := range slices.Chunk(all, corpus.MaxGroups) {
		if len(corpus.GroupViolations("groups", some)) > 0 {
			return nil, wrong(t.o.Groups, "has a group without a valid name")
		}
	}
	return slices.Clip(all), nil
}

// scopes returns the scopes of a token. Values that are not scopes of Dalil are
// ignored, because tokens have others too, such as openid.
func (t *Tokens) scopes(claims gojwt.MapClaims) (scopes corpus.Scope, err error) {
	all, many, err := list(claims, t.o.Scopes)
	if err != nil {
		return 0, err
	}
	if !many {
		all = strings.Fields(strings.Join(all, " "))
	}
	for _, value := range all {
		if name, ours := strings.CutPrefix(value, t.o.Prefix); ours {
			if scope, err := corpus.ParseScope(name); err == nil {
				scopes |= scope
			}
		}
	}
	if scopes == 0 {
		return 0, access.Forbid(fmt.Sprintf("the token has no scope of this server: its claim %s must have %ssearch, %swrite, %sadmin or %smetrics",
			t.o.Scopes, t.o.Prefix, t.o.Prefix, t.o.Prefix, t.o.Prefix))
	}
	return scopes, nil
}
