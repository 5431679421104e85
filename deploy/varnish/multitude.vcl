# Varnish 7 in front of Multitude, with the packages varnish and varnish-modules.
#
# Copy this file to /etc/varnish/, have varnishd read it (-f), and start Multitude with TRUSTED_PROXIES=127.0.0.1 and
# PURGE_URLS=http://127.0.0.1:6081. docs/how-to/front-cache.md walks through it.
#
# Varnish keeps what Multitude calls public for as long as it says, and drops it when Multitude says that it changed.

vcl 4.1;

import header;
import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 3s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 30s;
}

# Who may purge: the machines that run Multitude.
acl purgers {
    "127.0.0.1";
    "::1";
}

# Whose word Varnish takes for who the reader is and how they came: the TLS servers in front of it.
acl tls_servers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # Varnish has added its peer to X-Forwarded-For: two addresses mean that a TLS server passed on what somebody
        # on the internet sent it.
        if (client.ip !~ purgers || req.http.X-Forwarded-For ~ ",") {
            return (synth(405, "Not allowed"));
        }
        if (!req.http.xkey-purge) {
            return (synth(400, "No xkey-purge"));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.xkey-purge)));
    }
    if (req.method !~ "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$") {
        return (synth(405, "Not allowed"));
    }

    # Multitude's server takes X_Forwarded_For for X-Forwarded-For: no name with an underscore gets through.
    header.regsub(req, "^[^:]*_[^:]*:.*$", "X-Dropped: ");
    unset req.http.X-Dropped;
    unset req.http.X-Front-Cache;
    if (client.ip !~ tls_servers) {
        set req.http.X-Forwarded-For = client.ip;
        unset req.http.X-Forwarded-Proto;
        unset req.http.X-Request-ID;
    }
    if (req.http.X-Forwarded-Proto != "https") {
        set req.http.X-Forwarded-Proto = "http";
    }

    # What campaigns add to an address to follow readers; nothing in Multitude reads it. All other parameters stay.
    if (req.url ~ "[?&](utm_[^=&]*|mtm_[^=&]*|at_[^=&]*|fbclid|gclid|msclkid|mc_[ce]id|xtor)=") {
        set req.url = regsuball(req.url, "&(utm_[^=&]*|mtm_[^=&]*|at_[^=&]*|fbclid|gclid|msclkid|mc_[ce]id|xtor)=[^&]*", "");
        set req.url = regsub(req.url, "\?(utm_[^=&]*|mtm_[^=&]*|at_[^=&]*|fbclid|gclid|msclkid|mc_[ce]id|xtor)=[^&]*", "?");
        set req.url = regsub(req.url, "\?&", "?");
        set req.url = regsub(req.url, "\?$", "");
    }

    # What the form of the search leaves empty asks for nothing, and is the same page.
    if (req.url ~ "^/recherche/\?") {
        set req.url = regsuball(req.url, "([?&])(q|rubrique|periode)=(?=&|$)", "\1");
        set req.url = regsub(regsuball(req.url, "&&+", "&"), "\?&", "?");
        set req.url = regsub(req.url, "[?&]$", "");
    }

    # Personal by their address: the newsroom, where cookies matter, and what belongs to one commenter.
    if (req.url ~ "^/(admin|commentaires|vues|sante)/" || req.url ~ "^/articles/[^/?]+/commentaires/") {
        return (pass);
    }
    # Every other page that one can ask for is the same bytes for everyone: Multitude reads no cookie to make it, and
    # so no cookie keeps it from being found here. Should an answer be personal all the same, it says so. Of pictures, the
    # newsroom gets those too that are not public, by its session, and past this cache.
    if (
        (req.method == "GET" || req.method == "HEAD") &&
        !(req.url ~ "^/media/" && req.http.Cookie ~ "(^|;[ ]*)(__Host-)?sessionid=")
    ) {
        unset req.http.Cookie;
    }

    # An old page is good enough for a minute after its time, while Varnish asks for a new one
    # (stale-while-revalidate); when Multitude could not make one, for as long as it allows (stale-if-error).
    if (req.restarts == 0) {
        set req.grace = 60s;
    } else {
        set req.grace = 30d;
    }
}

sub vcl_hash {
    # http pages of an https site are redirections.
    hash_data(req.http.X-Forwarded-Proto);
}

sub vcl_hit {
    if (obj.ttl < 0s) {
        set req.http.X-Front-Cache = "stale";
    } else {
        set req.http.X-Front-Cache = "hit";
    }
}

sub vcl_miss {
    set req.http.X-Front-Cache = "miss";
    # The page could not be made a moment ago, and there is no old one.
    if (req.restarts > 0) {
        return (synth(503, "Unavailable"));
    }
}

sub vcl_pass {
    set req.http.X-Front-Cache = "pass";
}

sub vcl_backend_response {
    if (bereq.uncacheable) {
        return (deliver);
    }
    # What Varnish still has is better than this, if it has something: vcl_synth looks again.
    if (beresp.status >= 500) {
        return (abandon);
    }
    # Kept is what calls itself public, does not say the contrary, and depends on nothing but its encoding. For two
    # minutes, requests for anything else do not wait for each other.
    if (
        beresp.http.Cache-Control !~ "(?i)\bpublic\b" ||
        beresp.http.Cache-Control ~ "(?i)\b(private|no-store|no-cache)\b" ||
        beresp.http.Set-Cookie ||
        (beresp.http.Vary && beresp.http.Vary !~ "(?i)^accept-encoding$")
    ) {
        set beresp.uncacheable = true;
        set beresp.ttl = 120s;
        return (deliver);
    }

    if (beresp.http.Cache-Control ~ "(?i)\bstale-if-error=[0-9]+") {
        set beresp.grace = std.duration(
            regsub(beresp.http.Cache-Control, "(?i).*\bstale-if-error=([0-9]+).*", "\1s"), 0s);
    }
    # An old page that Multitude itself could not renew: the next reader may have it, then it is asked again. What its
    # age has eaten of the time allowed stays eaten.
    if (beresp.ttl <= 0s && beresp.http.X-Cache == "stale") {
        set beresp.grace = beresp.grace + beresp.ttl;
        set beresp.ttl = 1s;
    }

    # The keys by which it is dropped. An answer that a page is still good need not repeat them.
    if (beresp.http.Surrogate-Key) {
        set beresp.http.xkey = beresp.http.Surrogate-Key;
    }
    unset beresp.http.Surrogate-Key;
    unset beresp.http.X-Accel-Expires;
}

sub vcl_backend_error {
    return (abandon);
}

sub vcl_deliver {
    # For caches between Multitude and Varnish only.
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Accel-Expires;
    # What Varnish did: hit, stale, miss or pass. X-Cache beside it says what Multitude did when Varnish asked.
    set resp.http.X-Front-Cache = req.http.X-Front-Cache;
}

sub vcl_synth {
    if (resp.status == 503 && req.restarts == 0 && req.http.X-Front-Cache == "miss") {
        return (restart);
    }
    set resp.http.Cache-Control = "no-store";
    # As strict as what Multitude says (multitude/protection.py), whose pages bring their own.
    set resp.http.Content-Security-Policy = "default-src 'none'; frame-ancestors 'none'";
    set resp.http.X-Content-Type-Options = "nosniff";
    set resp.http.X-Frame-Options = "DENY";
    # The address of a follow-up page, of a preview or of its pictures is its only key.
    if (req.url ~ "^/(commentaires|apercu|media)/") {
        set resp.http.Referrer-Policy = "no-referrer";
    } else {
        set resp.http.Referrer-Policy = "same-origin";
    }
    set resp.http.Permissions-Policy = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";
    set resp.http.Cross-Origin-Opener-Policy = "same-origin";
    set resp.http.Cross-Origin-Resource-Policy = "same-origin";
    # Over TLS alone (RFC 6797, 7.2).
    if (req.http.X-Forwarded-Proto == "https") {
        set resp.http.Strict-Transport-Security = "max-age=31536000";
    }
    # Whoever purges is a program.
    if (req.method == "PURGE") {
        set resp.http.Content-Type = "text/plain; charset=utf-8";
        set resp.body = resp.reason + {"
"};
        return (deliver);
    }
    set resp.http.Content-Type = "text/html; charset=utf-8";
    synthetic({"<!doctype html><html lang="fr"><meta charset="utf-8"><meta name="viewport" content="width=device-width">"});
    if (resp.status == 503) {
        set resp.http.Retry-After = "30";
        synthetic({"<title>Indisponible</title><p>Le journal ne répond pas pour l’instant. Rechargez cette page dans une minute : ce que vous veniez d’envoyer partira de nouveau.</p>"});
    } else if (resp.status == 405) {
        synthetic({"<title>Rien à lire ici</title><p>Cette adresse ne répond pas à une demande de cette sorte, et rien n’a été enregistré.</p>"});
    } else {
        synthetic({"<title>Cette demande n’est pas lisible</title><p>Cette demande n’est pas lisible. Elle est arrivée abîmée ou incomplète, et rien n’a été enregistré. Revenez à la page précédente : si vous aviez écrit un texte, il y est sans doute encore.</p>"});
    }
    synthetic({"</html>
"});
    return (deliver);
}
