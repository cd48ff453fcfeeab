package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/internal/config"
)

// own connects to the server of a configuration from the same machine, as the probe of a
// container does. With TLS, it accepts exactly the certificate of the configuration, as the
// address of a probe is seldom a name in the certificate. If the server demands client
// certificates, it shows that of --tls-cert, or the server's own, which is accepted if it
// is of an authority of tls.client_ca and for clients too. Other flags win over all this.
func (c *connecting) own(address string, settings config.TLS, g *Globals, s streams) (*grpc.ClientConn, error) {
	others := *c
	others.Cert, others.Key = "", ""
	if settings.Certificate == "" || others != (connecting{}) || (c.Cert == "") != (c.Key == "") {
		return c.connect(address, g, s)
	}
	pair, err := tls.LoadX509KeyPair(settings.Certificate, settings.Key)
	if err != nil {
		return nil, err
	}
	trusted := &tls.Config{
		InsecureSkipVerify: true, // VerifyPeerCertificate decides
		VerifyPeerCertificate: func(shown [][]byte, _ [][]*x509.Certificate) error {
			if len(shown) == 0 || !bytes.Equal(shown[0], pair.Certificate[0]) {
				return errors.New("the server has another certificate than tls.cert; a server reads a new file within seconds")
			}
			return nil
		},
		MinVersion: tls.VersionTLS12,
	}
	shown := pair
	if c.Cert != "" {
		if shown, err = tls.LoadX509KeyPair(c.Cert, c.Key); err != nil {
			return nil, fmt.Errorf("--tls-cert %s, --tls-key %s: %w", c.Cert, c.Key, err)
		}
	}
	if settings.ClientAuth == "required" || c.Cert != "" {
		trusted.Certificates = []tls.Certificate{shown}
	}
	return client.Dial(address, client.WithTLS(trusted), client.Direct())
}
