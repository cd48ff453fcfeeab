package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"dalil/corpus"
)

// Quota limits how much each tenant may keep.
type Quota struct {
	Documents int          `koanf:"documents" doc:"largest number of documents of a tenant; 0: no limit"`
	Passages  int          `koanf:"passages" doc:"largest number of passages of a tenant; 0: no limit"`
	Bytes     int          `koanf:"bytes" doc:"largest number of bytes of text of a tenant; 0: no limit"`
	Versions  int          `koanf:"versions" doc:"largest number of source versions of deleted documents that are kept for a tenant; 0: ten times quota.documents, so no limit without that"`
	Tenants   TenantQuotas `koanf:"tenants" doc:"limits of single tenants, such as {news: {documents: 50000}}; what they leave out is as above"`
}

// Metrics has the settings of the metrics of the admin port.
type Metrics struct {
	Tenants int `koanf:"tenants" doc:"number of tenants with a quota, those with the least left, that have metrics of their own; 0: none, so that no metric has the name of a tenant"`
}

// TenantQuotas are limits by tenant, as canonical JSON, or "" if there are none. In a file
// they are a section. In a variable or flag they are a JSON object.
type TenantQuotas string

// limits are the limits of one tenant; nil: that of the section.
type limits struct {
	Documents *int64 `json:"documents"`
	Passages  *int64 `json:"passages"`
	Bytes     *int64 `json:"bytes"`
	Versions  *int64 `json:"versions"`
}

// versionsPerDocument is how many versions a tenant may have for each document if their
// limit is not set. Versions are kept for a week, so a tenant that replaces all of its
// documents by new ones every day has seven.
const versionsPerDocument = 10

func (t TenantQuotas) limits() map[string]limits {
	var m map[string]limits
	if t != "" {
		_ = json.Unmarshal([]byte(t), &m) // typed has made it
	}
	return m
}

// String returns a JSON object, which is also valid YAML.
func (t TenantQuotas) String() string {
	if t == "" {
		return "{}"
	}
	return string(t)
}

// IsZero reports whether no tenant has a limit.
func (q Quota) IsZero() bool { return q == Quota{} }

// Of returns a function that returns the limits of a tenant.
func (q Quota) Of() func(tenant string) corpus.Quota {
	all := corpus.Quota{Documents: int64(q.Documents), Passages: int64(q.Passages), Bytes: int64(q.Bytes), Versions: int64(q.Versions)}
	single := q.Tenants.limits()
	return func(tenant string) corpus.Quota {
		own, limited := single[tenant], all
		for to, from := range map[*int64]*int64{
			&limited.Documents: own.Documents, &limited.Passages: own.Passages, &limited.Bytes: own.Bytes, &limited.Versions: own.Versions,
		} {
			if from != nil {
				*to = *from
			}
		}
		if limited.Versions == 0 && limited.Documents <= math.MaxInt64/versionsPerDocument {
			limited.Versions = versionsPerDocument * limited.Documents
		}
		return limited
	}
}

func (q Quota) validate() error {
	return errors.Join(
		within("quota.documents", q.Documents, 0, math.MaxInt), within("quota.passages", q.Passages, 0, math.MaxInt), within("quota.bytes", q.Bytes, 0, math.MaxInt),
		within("quota.versions", q.Versions, 0, math.MaxInt))
}

// checkQuota returns what is wrong with the limits of one tenant.
func checkQuota(tenant string, value any) error {
	if wrong := corpus.TenantViolations("", tenant); len(wrong) > 0 {
		return fmt.Errorf("%q is no name of a tenant: it %s", tenant, wrong[0].Description)
	}
	section, is := value.(map[string]any)
	if !is {
		return fmt.Errorf("%s: must be a section with documents, passages, bytes or versions, is %v", tenant, value)
	}
	for key, given := range section {
		if !slices.Contains([]string{"documents", "passages", "bytes", "versions"}, key) {
			return fmt.Errorf("%s: unknown key %s; must be documents, passages, bytes or versions", tenant, key)
		}
		n, err := typed(given, 0)
		if err == nil && n.(int) < 0 {
			err = fmt.Errorf("must not be negative, is %d", n)
		}
		if err != nil {
			return fmt.Errorf("%s.%s: %w", tenant, key, err)
		}
		section[key] = n
	}
	return nil
}
