package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

// project reads docker-compose.yml, and files that are added to it, as docker compose
// does: it is interpolated, merged, checked against the schema of the specification and for
// consistency.
func project(t *testing.T, more ...string) *types.Project {
	t.Helper()
	files := []types.ConfigFile{{Filename: "../docker-compose.yml"}}
	for _, name := range more {
		files = append(files, types.ConfigFile{Filename: name})
	}
	p, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir: "..", ConfigFiles: files, Environment: types.Mapping{},
	}, func(o *loader.Options) { o.Profiles = []string{"*"} })
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"dalil", "grafana", "prometheus", "qdrant", "seeds"}; !slices.Equal(slices.Sorted(slices.Values(p.ServiceNames())), want) {
		t.Fatalf("services %v, want %v", p.ServiceNames(), want)
	}
	return p
}

// exact is a tag that will not be another program tomorrow.
var exact = regexp.MustCompile(`^[a-z/]+:v?\d+\.\d+\.\d+(-[a-z]+)?$`)

func TestServicesAreConfined(t *testing.T) {
	p := project(t)
	for name, s := range p.Services {
		if s.Build == nil && !exact.MatchString(s.Image) {
			t.Errorf("%s: the image %q is not of one version", name, s.Image)
		}
		if uid, _, _ := strings.Cut(s.User, ":"); number(uid) == 0 {
			t.Errorf("%s: runs as %q, want the number of a user that is not root", name, s.User)
		}
		if !s.ReadOnly || s.Privileged || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 ||
			!slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s: read_only %v, privileged %v, cap_drop %v, cap_add %v, security_opt %v",
				name, s.ReadOnly, s.Privileged, s.CapDrop, s.CapAdd, s.SecurityOpt)
		}
		if s.MemLimit <= 0 || s.CPUS <= 0 || s.PidsLimit <= 0 {
			t.Errorf("%s: limits: memory %d, cpus %v, processes %d", name, s.MemLimit, s.CPUS, s.PidsLimit)
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: publishes %s on %q", name, port.Published, port.HostIP)
			}
		}
		if name != "seeds" && (s.Restart != "unless-stopped" || s.HealthCheck == nil || len(s.HealthCheck.Test) < 2) {
			t.Errorf("%s: restart %q, health check %+v", name, s.Restart, s.HealthCheck)
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil || !v.ReadOnly {
				t.Errorf("%s: mounts %s, read-only %v: %v", name, v.Source, v.ReadOnly, err)
			}
		}
	}
	if q := p.Services["qdrant"]; len(q.Ports) > 0 || len(q.Networks) != 1 || !bool(p.Networks["inside"].Internal) {
		t.Errorf("qdrant: ports %v, networks %v, of which inside is internal: %v", q.Ports, q.Networks, p.Networks["inside"].Internal)
	}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func TestStartInOrder(t *testing.T) {
	p := project(t)
	for name, want := range map[string]map[string]string{
		"dalil":      {"qdrant": types.ServiceConditionHealthy},
		"seeds":      {"dalil": types.ServiceConditionHealthy},
		"prometheus": {"dalil": types.ServiceConditionStarted},
		"grafana":    {"prometheus": types.ServiceConditionHealthy},
	} {
		got := p.Services[name].DependsOn
		for on, condition := range want {
			if got[on].Condition != condition || len(got) != len(want) {
				t.Errorf("%s waits for %+v, want %v", name, got, want)
			}
		}
	}
	if got := p.Services["dalil"].HealthCheck.Test; !slices.Equal(got, types.HealthCheckTest{"CMD", "/dalil", "health"}) {
		t.Errorf("dalil is probed by %v", got)
	}
	if s := p.Services["seeds"]; !slices.Equal(s.Profiles, []string{"seeds"}) || s.Restart != "no" {
		t.Errorf("seeds: profiles %v, restart %q: it is to run once, when asked", s.Profiles, s.Restart)
	}
}

// With the file of access, every caller needs a key, and Prometheus has one.
func TestTheFileOfAccess(t *testing.T) {
	p, dalil := project(t, "compose.access.yml"), build(t)
	c := exec.Command(dalil, "config", "--json")
	for name, value := range p.Services["dalil"].Environment {
		c.Env = append(c.Env, name+"="+*value)
	}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{`"access.keys":"/data/keys.json"`, `"insecure":"false"`, `"allow_plaintext":"true"`, `"allow_anonymous":"false"`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("there is no %s:\n%s", want, out)
		}
	}
	prometheus := p.Services["prometheus"]
	if len(prometheus.Secrets) != 1 || p.Secrets[prometheus.Secrets[0].Source].File == "" || !slices.Contains(prometheus.Command, "--config.file=/etc/prometheus/access.yml") {
		t.Errorf("prometheus: secrets %+v, command %v", prometheus.Secrets, prometheus.Command)
	}
	plain, guarded := read(t, "prometheus/prometheus.yml"), read(t, "prometheus/access.yml")
	const line = "    authorization: {credentials_file: /run/secrets/metrics}\n"
	_, guarded, _ = strings.Cut(guarded, "\n") // a comment
	if strings.Replace(guarded, line, "", 1) != plain || !strings.Contains(guarded, "job_name: dalil\n"+line) {
		t.Errorf("access.yml is not prometheus.yml with a key for Dalil:\n%s", guarded)
	}
}

// The program itself judges its environment: an unknown variable, or a value
// that can't work, is an error.
func TestDalilTakesItsEnvironment(t *testing.T) {
	p, dalil := project(t), build(t)
	var environment []string
	for name, value := range p.Services["dalil"].Environment {
		if value == nil {
			t.Fatalf("%s is taken from the caller", name)
		}
		environment = append(environment, name+"="+*value)
	}
	config := func(more ...string) (string, error) {
		c := exec.Command(dalil, "config", "--json")
		c.Env = append(slices.Clone(environment), more...)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	out, err := config()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{`"listen":"0.0.0.0:7810"`, `"admin":"0.0.0.0:7811"`, `"http":"0.0.0.0:7812"`, `"store.name":"qdrant"`, `"store.address":"qdrant:6334"`} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %s:\n%s", want, out)
		}
	}
	if out, err := config("DALIL_STORE_ADRESS=x"); err == nil {
		t.Errorf("a mistaken variable passes, so this test proves nothing:\n%s", out)
	}
	assignments := regexp.MustCompile(`(?m)^ENV (DALIL_\S+)$`).FindAllStringSubmatch(read(t, "../Dockerfile"), -1)
	if len(assignments) == 0 {
		t.Error("the Dockerfile sets nothing")
	}
	for _, assignment := range assignments {
		if out, err := config(assignment[1]); err != nil {
			t.Errorf("Dockerfile: %s: %s", assignment[1], out)
		}
	}
	// Who exports such a variable for compose could not run dalil any more.
	if found := regexp.MustCompile(`\$\{DALIL_\w+`).FindString(read(t, "../docker-compose.yml")); found != "" {
		t.Errorf("docker-compose.yml asks its caller for %s}, which dalil would refuse", found)
	}
}

// The names and ports of services in the files of Prometheus and Grafana exist.
func TestTargetsAreServices(t *testing.T) {
	p := project(t)
	var scrapes struct {
		RuleFiles []string `yaml:"rule_files"`
		Configs   []struct {
			Name   string `yaml:"job_name"`
			Static []struct{ Targets []string }
		} `yaml:"scrape_configs"`
	}
	var sources struct{ Datasources []struct{ UID, URL string } }
	for file, into := range map[string]any{
		"prometheus/prometheus.yml": &scrapes, "grafana/provisioning/datasources/prometheus.yml": &sources,
	} {
		if err := yaml.Unmarshal([]byte(strings.ReplaceAll(read(t, file), "static_configs", "static")), into); err != nil {
			t.Fatal(err)
		}
	}
	got := []string{}
	for _, c := range scrapes.Configs {
		for _, s := range c.Static {
			got = append(got, s.Targets...)
		}
	}
	if want := []string{"dalil:7811", "qdrant:6333"}; !slices.Equal(got, want) {
		t.Errorf("Prometheus asks %v, want %v", got, want)
	}
	for _, rules := range scrapes.RuleFiles {
		read(t, filepath.Join("prometheus", rules))
	}
	if len(sources.Datasources) != 1 || sources.Datasources[0].URL != "http://prometheus:9090" {
		t.Fatalf("Grafana asks %+v", sources.Datasources)
	}
	board := dashboard(t)
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			if target.Datasource.UID != "${datasource}" {
				t.Errorf("%s asks the source %q, not the one that is chosen", panel.Title, target.Datasource.UID)
			}
			for _, name := range series.FindAllString(target.Expr, -1) {
				if !strings.Contains(target.Expr, name+"{") || strings.Count(target.Expr, `instance=~"$instance"`) < len(series.FindAllString(target.Expr, -1)) {
					t.Errorf("%s does not ask %s of the instance that is chosen", panel.Title, name)
				}
			}
		}
	}
	chosen := map[string]string{}
	for _, v := range board.Templating.List {
		value, _ := v.Current.Value.(string)
		chosen[v.Name] = v.Type + " " + value
	}
	if want := "datasource " + sources.Datasources[0].UID; chosen["datasource"] != want || chosen["instance"] != "query $__all" {
		t.Errorf("the variables are %v; the source should be %q", chosen, want)
	}
	inside := func(service string) bool { _, ok := p.Services[service].Networks["inside"]; return ok }
	for _, service := range []string{"dalil", "qdrant", "prometheus", "grafana"} {
		if !inside(service) {
			t.Errorf("%s can't reach the others", service)
		}
	}
	if home := p.Services["grafana"].Environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]; home == nil || *home != "/var/lib/dashboards/dalil.json" {
		t.Error("Grafana does not open the dashboard")
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
