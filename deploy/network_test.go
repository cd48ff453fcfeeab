package deploy

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// secrets runs the commands of docs/deploying.md that make the files of secrets/, and
// returns the folder.
func secrets(t *testing.T, dalil string) string {
	t.Helper()
	for _, program := range []string{"sh", "openssl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	_, section, _ := strings.Cut(read(t, "../docs/deploying.md"), "### TLS and keys with compose\n")
	_, block, _ := strings.Cut(section, "```sh\n")
	block, _, _ = strings.Cut(block, "```")
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(dalil, filepath.Join(dir, "bin", "dalil")); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
		if strings.HasPrefix(line, "sudo ") || strings.HasPrefix(line, "docker ") || strings.HasPrefix(line, "bin/dalil search ") {
			continue
		}
		c := exec.Command("sh", "-c", line)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s\n%s", err, line, out)
		}
		ran++
	}
	if ran < 9 {
		t.Fatalf("only %d commands were run", ran)
	}
	return filepath.Join(dir, "secrets")
}

// What the page makes, what compose.network.yml mounts and what Prometheus sends fit
// together: a Dalil with the variables of the file accepts the key of each.
func TestDalilOnANetwork(t *testing.T) {
	p, dalil := project(t, "compose.network.yml"), build(t)
	service := p.Services["dalil"]
	made := secrets(t, dalil)
	inside := map[string]string{} // /secrets of each service
	for _, name := range []string{"dalil", "seeds", "prometheus"} {
		for _, v := range p.Services[name].Volumes {
			if v.Target == "/secrets" {
				inside[name] = filepath.Join(made, filepath.Base(v.Source))
				if !v.ReadOnly || filepath.Base(filepath.Dir(v.Source)) != "secrets" {
					t.Errorf("%s mounts %s, read-only: %v", name, v.Source, v.ReadOnly)
				}
			}
		}
	}
	var published []string
	for _, port := range service.Ports {
		published = append(published, port.HostIP+":"+port.Published)
	}
	if want := []string{":7810", ":7812", "127.0.0.1:7811"}; !slices.Equal(published, want) {
		t.Errorf("published are %v, want %v", published, want)
	}
	// The real addresses are those of every interface. Dalil itself says that they are protected.
	var environment []string
	for name, value := range service.Environment {
		if name != "GOMEMLIMIT" && !strings.HasPrefix(name, "DALIL_STORE") && !regexp.MustCompile(`^DALIL_(LISTEN|ADMIN|HTTP|LOG_FORMAT)$`).MatchString(name) {
			environment = append(environment, name+"="+strings.ReplaceAll(*value, "/secrets", inside["dalil"]))
		}
	}
	r := start(t, environment...)
	call := func(args ...string) (string, error) {
		c := exec.Command(dalil, args...)
		c.Env = append(os.Environ(), environment...)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	if out, err := call("--listen", r.grpc, "health"); err != nil { // the health check of the container
		t.Errorf("health: %v\n%s", err, out)
	}
	index := slices.Clone(p.Services["seeds"].Command)
	for i, word := range index {
		index[i] = strings.NewReplacer("dalil:7810", r.grpc, "/secrets", inside["seeds"], "/seeds", "../seeds").Replace(word)
	}
	if out, err := call(index...); err != nil || !strings.HasPrefix(out, "5 indexed") {
		t.Fatalf("%v: %v\n%s", index, err, out)
	}
	search := []string{"search", "--server", r.grpc, "--tls-ca", filepath.Join(made, "ca.crt"), "--api-key-file", filepath.Join(made, "chatbot.key"), "poverty reduction cooperation"}
	if out, err := call(search...); err != nil || !strings.Contains(out, "001_9b34745794db2986") {
		t.Errorf("search: %v\n%s", err, out)
	}
	if out, err := call("keys", "list"); err != nil || !strings.Contains(out, "metrics") {
		t.Errorf("keys: %v\n%s", err, out)
	}
	scrape(t, r, inside["prometheus"])
}

// scrape reads the metrics as network.yml makes Prometheus read them.
func scrape(t *testing.T, r *running, folder string) {
	t.Helper()
	var config struct {
		Rules   []string `yaml:"rule_files"`
		Configs []struct {
			Name   string `yaml:"job_name"`
			Scheme string
			TLS    struct {
				CA string `yaml:"ca_file"`
			} `yaml:"tls_config"`
			Authorization struct {
				File string `yaml:"credentials_file"`
			}
			Static []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	text := strings.ReplaceAll(read(t, "prometheus/network.yml"), "/secrets", folder)
	if err := yaml.Unmarshal([]byte(text), &config); err != nil {
		t.Fatal(err)
	}
	job := config.Configs[0]
	if job.Name != "dalil" || job.Scheme != "https" || !slices.Equal(job.Static[0].Targets, []string{"dalil:7811"}) {
		t.Fatalf("the job is %+v", job)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM([]byte(read(t, job.TLS.CA))) {
		t.Fatal("there is no CA")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+r.admin+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(read(t, job.Authorization.File)))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, ServerName: "dalil"}} // the name of the container
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(page), "dalil_build_info") {
		t.Errorf("%d, %v\n%.300s", response.StatusCode, err, page)
	}
	if promtool, err := exec.LookPath("promtool"); err == nil {
		name := filepath.Join(t.TempDir(), "network.yml")
		rules, err := filepath.Abs("prometheus/alerts.yml")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(text, "alerts.yml", rules)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(promtool, "check", "config", name).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
