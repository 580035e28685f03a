package httpapi

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"pm/internal/ops"
	"pm/internal/plan"
)

// Signing in gives a browser a cookie for a token, so that the page need not
// hold the token. The cookie is of this origin alone, and no script can read
// it; a change that comes with a cookie must name this very origin, since
// cookies are shared by all ports of a host. Who signed in is forgotten when
// the server ends.

const (
	signedInFor = 14 * 24 * time.Hour
	maxSignedIn = 1000 // the oldest is forgotten
	onceFor     = 10 * time.Minute
)

// A door keeps who has signed in, and the secret that lets one in once.
type door struct {
	mu    sync.Mutex
	in    map[[sha256.Size]byte]visit
	once  [sha256.Size]byte
	until time.Time // of once; zero: there is none
}

type visit struct {
	token token
	since time.Time
}

// LetIn returns a secret that signs one browser in, once and within ten
// minutes, under the first token: the address is /sign-in?once=SECRET.
func (s *Server) LetIn() string {
	secret := rand.Text()
	s.door.mu.Lock()
	defer s.door.mu.Unlock()
	s.door.once, s.door.until = sha256.Sum256([]byte(secret)), time.Now().Add(onceFor)
	return secret
}

// useOnce reports whether a secret is the one of LetIn, which it no longer is.
func (d *door) useOnce(secret string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if secret == "" || sha256.Sum256([]byte(secret)) != d.once || time.Now().After(d.until) {
		return false
	}
	d.until = time.Time{}
	return true
}

// enter keeps that somebody signed in, and returns the secret of the cookie.
func (d *door) enter(t token) string {
	secret := rand.Text() + rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.in == nil {
		d.in = map[[sha256.Size]byte]visit{}
	}
	if len(d.in) >= maxSignedIn {
		var oldest [sha256.Size]byte
		at := time.Now()
		for sum, v := range d.in {
			if v.since.Before(at) {
				oldest, at = sum, v.since
			}
		}
		delete(d.in, oldest)
	}
	d.in[sha256.Sum256([]byte(secret))] = visit{t, time.Now()}
	return secret
}

func (d *door) find(secret string) (token, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := d.in[sha256.Sum256([]byte(secret))]
	return v.token, ok && time.Since(v.since) < signedInFor
}

func (d *door) leave(secret string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.in, sha256.Sum256([]byte(secret)))
}

// cookieName is that of the cookie: under HTTPS the browser itself sees to it
// that no other host and no plain HTTP sets it. It has the port, since servers
// at several ports of a host see each other's cookies.
func cookieName(r *http.Request) string {
	name := "pm"
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		name += "-" + port
	}
	if isSecure(r) {
		return "__Host-" + name
	}
	return name
}

// isSecure reports whether the browser speaks HTTPS, to a proxy before pm.
func isSecure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// byCookie returns the token that the request's cookie stands for.
func (s *Server) byCookie(r *http.Request) (token, bool) {
	c, err := r.Cookie(cookieName(r))
	if err != nil {
		return token{}, false
	}
	return s.door.find(c.Value)
}

// ownPage refuses a change that comes with a cookie and not from this very origin.
func ownPage(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	scheme := "http"
	if isSecure(r) {
		scheme = "https"
	}
	u, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || u.Scheme != scheme || !strings.EqualFold(u.Host, r.Host) {
		return refuse(http.StatusForbidden, plan.Permission, "foreign_origin", "the request does not come from this server's page")
	}
	return nil
}

// signIn takes a token, or the secret of LetIn, and answers with the cookie.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		if len(s.o.Tokens) > 0 && s.door.useOnce(r.URL.Query().Get("once")) {
			s.welcome(w, r, s.o.Tokens[0])
		}
		http.Redirect(w, r, "/board", http.StatusSeeOther)
		return
	}
	var in struct {
		Token string `json:"token"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		s.fail(w, r, plan.Errorf(plan.Usage, "invalid JSON: %v", err).WithCode("bad_body"))
		return
	}
	t, known := s.o.Tokens.find(strings.TrimSpace(in.Token))
	switch {
	case !known:
		s.fail(w, r, refuse(http.StatusUnauthorized, plan.Permission, "no_token", "unknown token"))
	case !isSecure(r) && !isLocal(r.Host):
		s.fail(w, r, refuse(http.StatusForbidden, plan.Permission, "needs_https", "signing in from another machine needs HTTPS: put a TLS proxy in front of pm"))
	default:
		s.welcome(w, r, t)
		s.ok(w)
	}
}

// welcome sets the cookie of somebody who signed in.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request, t token) {
	setCookie(w, r, s.door.enter(t), int(signedInFor.Seconds()))
}

// setCookie sets the cookie to a secret for so many seconds; below zero takes it away.
func setCookie(w http.ResponseWriter, r *http.Request, secret string, seconds int) {
	http.SetCookie(w, &http.Cookie{Name: cookieName(r), Value: secret, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: isSecure(r), SameSite: http.SameSiteStrictMode})
}

// signOut forgets who signed in.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName(r)); err == nil {
		s.door.leave(c.Value)
	}
	setCookie(w, r, "", -1)
	s.ok(w)
}

// signedIn tells the page who acts in it, and how much they may do.
func (s *Server) signedIn(w http.ResponseWriter, r *http.Request) {
	b, _ := json.Marshal(struct {
		Agent string   `json:"agent"`
		Role  ops.Role `json:"role"`
		Token bool     `json:"token"`
	}{plan.ActorOf(r.Context()).Name, ops.RoleOf(r.Context()), len(s.o.Tokens) > 0})
	w.Header().Set("Content-Type", "application/json")
	s.write(w, http.StatusOK, b)
}

// isLocal reports whether a Host is this machine.
func isLocal(host string) bool {
	name := hostname(host)
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.IsLoopback()
}

// isOpen reports whether a path is answered to who has not signed in: what says
// whether the server is well, and the page, which holds nothing of the plan.
func (s *Server) isOpen(r *http.Request) bool {
	switch path := r.URL.Path; {
	case path == "/healthz", path == "/readyz":
		return true
	case strings.HasPrefix(path, "/v1/"), path == "/mcp", path == "/metrics", path == "/openapi.json", strings.HasPrefix(path, "/print/"), path == "/session":
		return false
	}
	return len(s.o.Web) > 0 && (r.Method == http.MethodGet || r.Method == http.MethodHead || r.URL.Path == "/sign-in")
}
