package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"dalil/corpus"
)

// EnvironmentPrefix begins every environment variable that is read.
const EnvironmentPrefix = "DALIL_"

// Sources are the places that settings are read from. A field that is empty is skipped.
type Sources struct {
	File        string            // path of a YAML file
	Environment []string          // "KEY=value", as os.Environ gives it
	Flags       map[string]string // key → value, for the flags that were given
}

// Load merges the sources over the defaults and validates the result. An
// unknown key is an error that names the nearest known one.
func Load(sources Sources) (Config, error) {
	known := map[string]any{} // key → a value of its type
	for _, l := range Leaves(Default()) {
		known[l.Key] = l.Value
	}
	k := koanf.New(".")
	layer := func(origin string, from *koanf.Koanf, name func(key string) string) error {
		values := map[string]any{}
		for _, key := range from.Keys() {
			key = objectOf(key, known)
			if _, done := values[key]; done {
				continue
			}
			given := from.Get(key)
			like, ok := known[key]
			if !ok && given == nil && isSection(key, known) {
				continue // the section was empty or had only comments
			}
			if !ok && isSection(key, known) {
				return fmt.Errorf("%s: %s is a section of settings and has no value of its own; set its keys (dalil config lists them)", origin, key)
			}
			if !ok {
				return fmt.Errorf("%s: unknown %s%s", origin, name(key), nearest(key, slices.Sorted(maps.Keys(known)), name))
			}
			value, err := typed(given, like)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", origin, key, err)
			}
			values[key] = value
		}
		checked := koanf.New(".")
		if err := checked.Load(confmap.Provider(values, "."), nil); err != nil {
			return err
		}
		return k.Merge(checked)
	}
	if sources.File != "" {
		from := koanf.New(".")
		if err := from.Load(file.Provider(sources.File), yaml.Parser()); err != nil {
			return Config{}, fmt.Errorf("configuration %s: %w", sources.File, err)
		}
		if err := layer("configuration "+sources.File, from, func(key string) string { return "key " + key }); err != nil {
			return Config{}, err
		}
	}
	environment, err := fromEnvironment(sources.Environment, known)
	if err != nil {
		return Config{}, err
	}
	for _, source := range []struct {
		origin string
		values map[string]string
	}{{"environment", environment}, {"setting", sources.Flags}} {
		plain := make(map[string]any, len(source.values))
		for key, value := range source.values {
			if strings.TrimSpace(value) == "" && protects(key) {
				return Config{}, fmt.Errorf("%s: %s: has no value, which would turn it off; set one, or leave it out", source.origin, key)
			}
			plain[key] = value
		}
		from := koanf.New(".")
		if err := from.Load(confmap.Provider(plain, "."), nil); err != nil {
			return Config{}, err
		}
		if err := layer(source.origin, from, func(key string) string { return "key " + key }); err != nil {
			return Config{}, err
		}
	}
	config := Default()
	err = k.UnmarshalWithConf("", &config, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: &config, WeaklyTypedInput: true, TagName: "koanf", ErrorUnused: true,
	}})
	if err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	if err := config.Validate(); err != nil {
		return Config{}, fmt.Errorf("configuration: %w", err)
	}
	return config, nil
}

// protects reports whether an empty value of a setting takes a protection away. A variable
// or a flag has an empty value by mistake: it was made of a variable that is not set.
func protects(key string) bool {
	for _, section := range []string{"access.", "tls.", "audit."} {
		if strings.HasPrefix(key, section) {
			return true
		}
	}
	return false
}

// objectOf returns the setting of type object that contains key, or key itself if
// there is none.
func objectOf(key string, known map[string]any) string {
	for name, like := range known {
		if isObject(like) && strings.HasPrefix(key, name+".") {
			return name
		}
	}
	return key
}

// Variable returns the name of a key's environment variable.
func Variable(key string) string {
	return EnvironmentPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// serviceLink matches the variables that Kubernetes (and formerly Docker links) set
// in every pod for each Service of the namespace. For a Service named "dalil" or
// "dalil-admin" they begin like Dalil's own variables. No variable of a setting has
// this form.
var serviceLink = regexp.MustCompile(
	`^DALIL_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$`)

// ofKubernetes reports whether a variable was made for a Service and is not a setting.
func ofKubernetes(name, value string) bool {
	if serviceLink.MatchString(name) {
		return true
	}
	// DALIL_PORT=tcp://10.0.0.1:7810; DALIL_PORT=7810 is a mistake of the user.
	return strings.HasSuffix(name, "_PORT") && strings.Contains(value, "://")
}

// noSettings are variables that the commands read, and that are no settings. The key of
// DALIL_API_KEY is read apart from the configuration, so that nothing prints it.
var noSettings = []string{EnvironmentPrefix + "CONFIG", EnvironmentPrefix + "API_KEY"}

func fromEnvironment(environment []string, known map[string]any) (map[string]string, error) {
	keys := map[string]string{}
	for key := range known {
		keys[Variable(key)] = key
	}
	values := map[string]string{}
	for _, pair := range environment {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, EnvironmentPrefix) || slices.Contains(noSettings, name) || strings.HasPrefix(name, EnvironmentPrefix+"TEST_") {
			continue
		}
		key, ok := keys[name]
		if !ok && ofKubernetes(name, value) {
			continue
		}
		if !ok {
			return nil, fmt.Errorf("environment: unknown variable %s%s", name,
				nearest(name, slices.Sorted(maps.Keys(keys)), func(s string) string { return s }))
		}
		values[key] = value
	}
	return values, nil
}

// nearest returns the known name with the smallest edit distance to name, if it is small.
func nearest(name string, known []string, show func(string) string) string {
	best, distance := "", len(name)/2+2
	for _, candidate := range known {
		if d := corpus.Edits([]byte(name), []byte(candidate)); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", show(best))
}
