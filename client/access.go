package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"regexp"
	"strings"

	"google.golang.org/grpc"
)

// Access says how a program reaches a server that others can reach too, as flags give it:
// names of files and a few switches. The zero value connects without TLS and without a
// key. Its errors name the flags, which are the same in all programs of Dalil.
type Access struct {
	TLS         bool   // --tls: encrypt the connection; the fields below about TLS imply it
	CA          string // --tls-ca: a file of certificates in PEM that sign the server's; empty: the CAs of the system
	Certificate string // --tls-cert: a file of the client's certificate in PEM
	PrivateKey  string // --tls-key: a file of its private key in PEM
	ServerName  string // --tls-server-name: the name in the server's certificate; empty: the host of the address
	KeyFile     string // --api-key-file: a file with an API key, or a token, and nothing else
	Key         string // the key itself, of the variable DALIL_API_KEY; KeyFile wins over it
	Tenant      string // --tenant: see [WithTenant]
	Plaintext   bool   // --allow-plaintext: see [AllowPlaintext]
}

// KeyVariable is the environment variable that programs read a key from. It is no
// setting: nothing prints it.
const KeyVariable = "DALIL_API_KEY"

// KeyOf returns the key in an environment, which has the form of os.Environ.
func KeyOf(environment []string) string {
	for _, pair := range environment {
		if name, value, _ := strings.Cut(pair, "="); name == KeyVariable {
			return value
		}
	}
	return ""
}

// Dial connects like the function [Dial]. The address is HOST:PORT or a target of gRPC.
// https://HOST:PORT and grpcs://HOST:PORT turn on TLS, and http:// and grpc:// say that
// there is none. If a file cannot be used, or a key would go over a network without TLS,
// the error says what to do.
func (a Access) Dial(address string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	address, err := a.scheme(address)
	if err != nil {
		return nil, err
	}
	key, err := a.key()
	if err != nil {
		return nil, err
	}
	var mine []grpc.DialOption
	if a.TLS {
		config, err := a.config()
		if err != nil {
			return nil, err
		}
		mine = append(mine, WithTLS(config))
	}
	if key != "" {
		if !a.TLS && !a.Plaintext && !isLocal(address) {
			return nil, fmt.Errorf("the key is not sent to %s without encryption: add --tls, or --tls-ca with the file of the server's CA; --allow-plaintext sends it readable for everyone on the network", address)
		}
		mine = append(mine, WithAPIKey(key))
	}
	if a.Plaintext {
		mine = append(mine, AllowPlaintext())
	}
	if a.Tenant != "" {
		mine = append(mine, WithTenant(a.Tenant))
	}
	return Dial(address, append(mine, options...)...)
}

// scheme removes https:// and the like from an address, and sets TLS if the address or a
// file asks for it.
func (a *Access) scheme(address string) (string, error) {
	a.TLS = a.TLS || a.CA != "" || a.Certificate != "" || a.PrivateKey != "" || a.ServerName != ""
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		return address, nil
	}
	switch scheme {
	case "https", "grpcs":
		a.TLS = true
	case "http", "grpc":
		if a.TLS {
			return "", fmt.Errorf("%s is an address without TLS, but a flag asks for TLS; write %ss://%s", address, scheme, rest)
		}
	default: // a target of gRPC
		return address, nil
	}
	rest = strings.TrimSuffix(rest, "/")
	if _, _, err := net.SplitHostPort(rest); err != nil || strings.Contains(rest, "/") {
		return "", fmt.Errorf("%s: must be %s://HOST:PORT, with the port of gRPC", address, scheme)
	}
	return rest, nil
}

const (
	maxKeyFile = 64 << 10 // more than the longest token
	maxCAFile  = 16 << 20 // more than all authorities of a system
)

// secretForm matches what begins like a key or a token. Such a text is in no error.
var secretForm = regexp.MustCompile(`dalil_[0-9A-Za-z]{4}|eyJ[0-9A-Za-z_-]*\.`)

// key returns the key to send; "": there is none.
func (a *Access) key() (string, error) {
	if a.KeyFile == "" {
		key, why := cleanKey(a.Key)
		if why != "" && a.Key != "" {
			return "", fmt.Errorf("%s: %s", KeyVariable, why)
		}
		return key, nil
	}
	data, err := readSmall(a.KeyFile, maxKeyFile)
	if err != nil && secretForm.MatchString(a.KeyFile) {
		return "", errors.New("--api-key-file: is a key; name a file that contains it. Other users can read the arguments of a process, so replace this key")
	}
	if err != nil {
		return "", fmt.Errorf("--api-key-file %s: %w", a.KeyFile, err)
	}
	key, why := cleanKey(string(data))
	if why != "" {
		return "", fmt.Errorf("--api-key-file %s: %s", a.KeyFile, why)
	}
	return key, nil
}

// cleanKey removes the white space around a key. why says why a text cannot be a key,
// without any part of it.
func cleanKey(text string) (key, why string) {
	key = strings.TrimSpace(text)
	if key == "" {
		return "", "is empty; it must contain the key and nothing else"
	}
	for _, r := range key {
		if r <= ' ' || r > '~' {
			return "", "must contain one key and nothing else, but there is white space or a character outside ASCII in it"
		}
	}
	return key, ""
}

// readSmall reads a file, which may be a device without an end.
func readSmall(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, plainly(err)
	case info.IsDir():
		return nil, errors.New("is a folder; name a file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, plainly(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if int64(len(data)) > most {
		return nil, fmt.Errorf("has more than %d bytes", most)
	}
	return data, plainly(err)
}

// plainly returns what failed without the name of the file, which the caller names.
func plainly(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("this user may not read the file")
	case errors.As(err, &path):
		return path.Err
	}
	return err
}

// config returns the settings of TLS that the files give.
func (a *Access) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: a.ServerName}
	if a.CA != "" {
		data, err := readSmall(a.CA, maxCAFile)
		if err != nil {
			return nil, fmt.Errorf("--tls-ca %s: %w", a.CA, err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(data) {
			return nil, fmt.Errorf("--tls-ca %s: contains no certificate in PEM", a.CA)
		}
	}
	switch {
	case a.Certificate == "" && a.PrivateKey == "":
		return config, nil
	case a.PrivateKey == "":
		return nil, fmt.Errorf("--tls-cert %s: needs --tls-key, the file of its private key", a.Certificate)
	case a.Certificate == "":
		return nil, fmt.Errorf("--tls-key %s: needs --tls-cert, the file of its certificate", a.PrivateKey)
	}
	for flag, name := range map[string]string{"--tls-cert": a.Certificate, "--tls-key": a.PrivateKey} {
		if _, err := os.Stat(name); err != nil {
			return nil, fmt.Errorf("%s %s: %w", flag, name, plainly(err))
		}
	}
	pair, err := tls.LoadX509KeyPair(a.Certificate, a.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %s", a.Certificate, a.PrivateKey, strings.TrimPrefix(plainly(err).Error(), "tls: "))
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}
