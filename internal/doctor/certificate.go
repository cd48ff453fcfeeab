package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// TLS names the files of a server's TLS, in PEM; "": none.
type TLS struct{ Certificate, Key, ClientCA string }

// endsSoon is how long before its end a certificate is worth a warning.
const endsSoon = 30 * 24 * time.Hour

// certificate checks the files of TLS: that they belong together, who can read the private
// key, when the certificates end, and that the names of the listeners are in them.
func certificate(_ context.Context, x *examination) {
	if x.TLS.Certificate == "" {
		return
	}
	x.secret("TLS key", "tls.key", x.TLS.Key)
	pair, err := tls.LoadX509KeyPair(x.TLS.Certificate, x.TLS.Key)
	if err != nil {
		x.fail("TLS certificate", "make tls.cert and tls.key files of one certificate in PEM, the server's own first", fmt.Errorf("%s with %s: %w", x.TLS.Certificate, x.TLS.Key, err))
		return
	}
	chain := make([]*x509.Certificate, 0, len(pair.Certificate))
	for _, der := range pair.Certificate {
		one, err := x509.ParseCertificate(der)
		if err != nil {
			x.fail("TLS certificate", "replace the file of tls.cert", fmt.Errorf("%s: %w", x.TLS.Certificate, err))
			return
		}
		chain = append(chain, one)
	}
	x.validity("TLS certificate", x.TLS.Certificate, "renew it; a running server reads the new files without a restart", chain)
	x.names(chain[0])
	if x.TLS.ClientCA != "" {
		x.clientCA()
	}
}

// secret warns of a file that other users of the machine can read.
func (x *examination) secret(check, setting, name string) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		x.fail(check, "check "+setting, err)
	case info.Mode().Perm()&0o007 != 0:
		x.warn(check, "chmod 600 "+name+", or 640 with a group of its own", "every user of this machine can read or change %s (mode %04o)", name, info.Mode().Perm())
	default:
		x.ok(check, "%s is closed to other users", name)
	}
}

// validity reports the certificate of a file that ends first.
func (x *examination) validity(check, name, advice string, chain []*x509.Certificate) {
	now, first := time.Now(), chain[0]
	for _, one := range chain {
		if one.NotAfter.Before(first.NotAfter) {
			first = one
		}
		if now.Before(one.NotBefore) {
			x.fail(check, "check the clock of this machine, or wait", fmt.Errorf("%s: the certificate of %s is not valid before %s", name, one.Subject, one.NotBefore.Format(time.RFC3339)))
			return
		}
	}
	end := first.NotAfter.Format(time.RFC3339)
	switch left := first.NotAfter.Sub(now); {
	case left <= 0:
		x.fail(check, advice, fmt.Errorf("%s: the certificate of %s ended at %s", name, first.Subject, end))
	case left < endsSoon:
		x.warn(check, advice, "%s: the certificate of %s ends in %d days, at %s", name, first.Subject, int(left.Hours()/24), end)
	default:
		x.ok(check, "%s is valid until %s", name, end)
	}
}

// names checks that clients who connect to the listeners find their names in the certificate.
func (x *examination) names(leaf *x509.Certificate) {
	names := append([]string(nil), leaf.DNSNames...)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		x.fail("TLS names", "make a certificate whose subject alternative names are the names and addresses of this server", errors.New("the certificate has no names, so every client refuses it"))
		return
	}
	for _, p := range x.Ports {
		host, _, err := net.SplitHostPort(p.Address)
		if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
			continue // every interface: clients use names that are not known here
		}
		if leaf.VerifyHostname(host) != nil {
			x.warn("TLS names", "clients that connect to "+host+" refuse the certificate, unless they set --tls-server-name; add the name to the certificate",
				"the certificate is for %s, and %s is %s", strings.Join(names, ", "), p.Key, p.Address)
			return
		}
	}
	x.ok("TLS names", "the certificate is for %s", strings.Join(names, ", "))
}

// clientCA checks the authorities of the clients' certificates.
func (x *examination) clientCA() {
	const check, advice = "TLS client CA", "replace the file of tls.client_ca"
	data, err := os.ReadFile(x.TLS.ClientCA)
	if err != nil {
		x.fail(check, advice, err)
		return
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			x.fail(check, advice, fmt.Errorf("%s: %w", x.TLS.ClientCA, err))
			return
		}
		all = append(all, one)
	}
	if len(all) == 0 {
		x.fail(check, advice, fmt.Errorf("%s: contains no certificate in PEM", x.TLS.ClientCA))
		return
	}
	x.validity(check, x.TLS.ClientCA, advice, all)
}
