package main

import (
	"flag"
	"fmt"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

// index is the Dalil server that is asked.
type index struct {
	address  string
	searches dalilv1.SearchServiceClient
	close    func()
}

// accessFlags adds the flags of a connection, which are those of the program dalil. A key is
// never a flag, because other users of the machine can read the arguments of a process.
func accessFlags(flags *flag.FlagSet, a *client.Access) {
	flags.BoolVar(&a.TLS, "tls", false, "connect to Dalil with TLS; the other --tls flags and https:// imply it")
	flags.StringVar(&a.CA, "tls-ca", "", "`file` of the CA that signed Dalil's certificate (default: the CAs of the system)")
	flags.StringVar(&a.Certificate, "tls-cert", "", "`file` of a client certificate")
	flags.StringVar(&a.PrivateKey, "tls-key", "", "`file` of its private key")
	flags.StringVar(&a.ServerName, "tls-server-name", "", "`name` in Dalil's certificate, if it differs from the host of the address")
	flags.StringVar(&a.KeyFile, "api-key-file", "", "`file` with Dalil's API key; without it, the variable "+client.KeyVariable+" is read")
	flags.StringVar(&a.Tenant, "tenant", "", "`name` of the tenant whose documents are meant; the key then needs the scope admin")
	flags.BoolVar(&a.Plaintext, "allow-plaintext", false, "send the key to another machine without TLS")
}

// connect connects to the servers of an address.
func connect(address string, access client.Access) (*index, error) {
	connection, err := access.Dial(address)
	if err != nil {
		return nil, err
	}
	return &index{address, dalilv1.NewSearchServiceClient(connection), func() { connection.Close() }}, nil
}

// failed says for a person what went wrong.
func (x *index) failed(doing string, err error) error {
	if advice := client.Advice(err); advice != "" {
		return fmt.Errorf("%s: the server at %s %s", doing, x.address, advice)
	}
	message, violations := client.Explain(err)
	for _, v := range violations {
		message += "; " + v.Field + ": " + v.Description
	}
	return fmt.Errorf("%s with Dalil at %s: %s", doing, x.address, message)
}
