package corpus

import (
	"slices"
	"strings"
	"testing"
)

func TestTenantKeys(t *testing.T) {
	for _, c := range [][2]string{{"", "a"}, {"news", "a"}, {"news", "a/b"}, {"n", ""}, {"", "news a"}} {
		if tenant, id := SplitKey(TenantKey(c[0], c[1])); tenant != c[0] || id != c[1] {
			t.Errorf("%q of %q became %q of %q", c[1], c[0], id, tenant)
		}
	}
	if TenantKey("a", "bc") == TenantKey("ab", "c") {
		t.Error("two tenants share a key")
	}
	if len(IDViolations("id", TenantKey("news", "a"), 512)) == 0 {
		t.Error("a key of a tenant is a valid id")
	}
	for _, name := range []string{"*", "News", "-a", "a b", "a\x01", "أخبار", strings.Repeat("a", MaxTenantBytes+1)} {
		if len(TenantViolations("tenant", name)) != 1 {
			t.Errorf("%q is a valid tenant", name)
		}
	}
	for _, name := range []string{"", "news", "a.b-c_d", "9"} {
		if v := TenantViolations("tenant", name); v != nil {
			t.Errorf("%q: %v", name, v)
		}
	}
}

func TestGroups(t *testing.T) {
	for _, groups := range [][]string{{""}, {Everyone}, {"a\n"}, {"\xff"}, {strings.Repeat("g", MaxGroupBytes+1)}, make([]string, MaxGroups+1)} {
		if len(GroupViolations("groups", groups)) != 1 {
			t.Errorf("%q are valid groups", groups)
		}
	}
	may := Filter{In: &In{Field: FieldReader, Values: []string{Everyone, "editors"}}}
	for want, d := range map[bool]*Document{true: {Groups: []string{"staff", "editors"}}, false: {Groups: []string{"staff"}}} {
		if may.Match(d) != want {
			t.Errorf("%v: %v", d.Groups, !want)
		}
	}
	if !may.Match(&Document{}) {
		t.Error("a document without groups is not for everyone")
	}
}

func TestScopes(t *testing.T) {
	for _, name := range scopeNames {
		s, err := ParseScope(name)
		if err != nil || !slices.Equal(s.Names(), []string{name}) || !s.Has(s) {
			t.Errorf("%s: %v %v", name, s, err)
		}
	}
	if _, err := ParseScope("root"); KindOf(err) != ErrInvalid {
		t.Errorf("an unknown scope: %v", err)
	}
	if ScopeSearch.Has(ScopeWrite) || !ScopeAdmin.Has(ScopeWrite) || !(ScopeSearch | ScopeWrite).Has(ScopeWrite) {
		t.Error("wrong scopes")
	}
}
