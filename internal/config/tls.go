package config

import "errors"

// TLS has the files of the listeners of gRPC, HTTP and the admin port. They are read
// again when they change.
type TLS struct {
	Certificate string `koanf:"cert" doc:"PEM file of the server's certificate and those of its issuers, for the listeners of gRPC, HTTP and admin; read again when it changes; empty: no TLS"`
	Key         string `koanf:"key" doc:"PEM file of the private key of tls.cert"`
	ClientCA    string `koanf:"client_ca" doc:"PEM file of the authorities that issue certificates of clients"`
	ClientAuth  string `koanf:"client_auth" doc:"certificates of clients: none, optional (a client without one is accepted) or required"`
}

func (t TLS) validate() error {
	switch asks := t.ClientAuth != "none"; {
	case (t.Certificate == "") != (t.Key == ""):
		return errors.New("tls.cert and tls.key: must be set together")
	case asks && t.Certificate == "":
		return errors.New("tls.client_auth: needs tls.cert and tls.key")
	case asks != (t.ClientCA != ""):
		return errors.New("tls.client_ca: must be set if tls.client_auth is optional or required, and only then")
	}
	return nil
}
