package corpus

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A document's identity is its tenant and its id. Stores keep both in one string,
// the key of the document: the id itself for the tenant without a name, else
// "\x01tenant\x01id". An id has no control characters, so that no id is the key of
// another tenant's document.
const tenantMark = "\x01"

// MaxTenantBytes is the longest name of a tenant.
const MaxTenantBytes = 63

var tenantName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`)

// TenantViolations returns what is wrong with the name of a tenant, or nothing. The
// empty name is valid.
func TenantViolations(field, tenant string) []Violation {
	switch {
	case tenant == "":
		return nil
	case len(tenant) > MaxTenantBytes:
		return []Violation{TooLong(field, len(tenant), MaxTenantBytes)}
	case !tenantName.MatchString(tenant):
		return []Violation{{Field: field, Description: fmt.Sprintf("must have only a-z, 0-9, dot, hyphen and underscore, and begin with a letter or digit; is %q", tenant)}}
	}
	return nil
}

// TenantKey returns the key of a tenant's document.
func TenantKey(tenant, id string) string {
	if tenant == "" {
		return id
	}
	return tenantMark + tenant + tenantMark + id
}

// SplitKey returns the tenant and the id of a document's key.
func SplitKey(key string) (tenant, id string) {
	if rest, named := strings.CutPrefix(key, tenantMark); named {
		if tenant, id, whole := strings.Cut(rest, tenantMark); whole {
			return tenant, id
		}
	}
	return "", key
}

// TenantRange returns the range of the keys of a tenant's documents in byte order:
// those above after and, if until is not empty, below until.
func TenantRange(tenant string) (after, until string) {
	if tenant == "" {
		return tenantMark + "\x7f", "" // the name of a tenant has no such character
	}
	return tenantMark + tenant + tenantMark, tenantMark + tenant + "\x02"
}

// Everyone is the value of [FieldTenant] for documents of the tenant without a
// name, and of [FieldReader] for documents that list no groups. No tenant and no
// group has this name.
const Everyone = "*"

// The limits of a document's groups.
const (
	MaxGroups     = 64
	MaxGroupBytes = 128
)

// GroupViolations returns what is wrong with the groups that may read a document,
// or nothing.
func GroupViolations(field string, groups []string) []Violation {
	if len(groups) > MaxGroups {
		return []Violation{Outside(field, fmt.Sprintf("at most %d groups", MaxGroups), fmt.Sprint(len(groups)))}
	}
	for i, g := range groups {
		at := fmt.Sprintf("%s[%d]", field, i)
		switch {
		case g == "" || g == Everyone:
			return []Violation{{Field: at, Description: fmt.Sprintf("must not be %q", g)}}
		case len(g) > MaxGroupBytes:
			return []Violation{TooLong(at, len(g), MaxGroupBytes)}
		case !utf8.ValidString(g) || strings.ContainsFunc(g, unicode.IsControl):
			return []Violation{{Field: at, Description: "is not valid UTF-8 or contains a control character"}}
		}
	}
	return nil
}
