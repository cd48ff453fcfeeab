package main

import (
	"errors"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/client"
)

// connecting has the flags of a connection to a server. The key itself is never a flag,
// because other users of the machine can read the arguments of a process.
type connecting struct {
	TLS        bool   `name:"tls" help:"Connect to the server with TLS. The other --tls flags, and https://HOST:PORT as the address, imply it."`
	CA         string `name:"tls-ca" placeholder:"FILE" help:"Certificates in PEM of the CA that signed the server's (default: the CAs of the system)."`
	Cert       string `name:"tls-cert" placeholder:"FILE" help:"Client certificate in PEM, for servers that ask for one."`
	Key        string `name:"tls-key" placeholder:"FILE" help:"Private key of --tls-cert in PEM."`
	ServerName string `name:"tls-server-name" placeholder:"NAME" help:"Name in the server's certificate, if it differs from the host of the address."`
	APIKeyFile string `name:"api-key-file" placeholder:"FILE" help:"File with the API key or token to send. Without it, the variable DALIL_API_KEY is read."`
	Tenant     string `placeholder:"NAME" help:"Tenant whose documents are meant. With --server, the key needs the scope admin."`
}

// access returns the settings of a connection.
func (c *connecting) access(g *Globals, s streams) client.Access {
	return client.Access{
		TLS: c.TLS, CA: c.CA, Certificate: c.Cert, PrivateKey: c.Key, ServerName: c.ServerName,
		KeyFile: c.APIKeyFile, Key: client.KeyOf(s.environment), Tenant: c.Tenant, Plaintext: g.AllowPlaintext,
	}
}

// connect connects to one server.
func (c *connecting) connect(address string, g *Globals, s streams) (*grpc.ClientConn, error) {
	return c.access(g, s).Dial(address, client.Direct())
}

// unusable returns what a person can do about an error that a server, or the connection to it, ended a
// call with because of TLS, a key or a scope; nil: it is another error.
func unusable(err error, server string) error {
	if advice := client.Advice(err); advice != "" {
		return fmt.Errorf("the server at %s %s", server, advice)
	}
	message, _ := client.Explain(err)
	switch status.Code(err) {
	case codes.Unauthenticated:
		return fmt.Errorf("the server at %s does not accept the call: %s\ngive a valid key with --api-key-file FILE or the variable %s; on the server, \"dalil keys create\" makes one", server, message, client.KeyVariable)
	case codes.PermissionDenied:
		return fmt.Errorf("the server at %s does not allow this call: %s", server, message)
	}
	return nil
}

// local refuses flags that only a connection to a server uses.
func (c *connecting) local() error {
	rest := *c
	rest.Tenant = ""
	if rest != (connecting{}) {
		return errors.New("--tls, --tls-ca, --tls-cert, --tls-key, --tls-server-name and --api-key-file need --server")
	}
	return checkTenant(c.Tenant)
}
