# The one door: page and API under one address, with TLS where it has a name.
FROM caddy:2.10.2-alpine

# The program needs no right of its own: a container lets anybody bind low ports.
RUN setcap -r /usr/bin/caddy \
    && adduser -S -D -H -u 10001 paybatch \
    && chown -R paybatch /data /config
COPY docker/Caddyfile /etc/caddy/Caddyfile

USER paybatch
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/tmp HOME=/tmp
VOLUME /data
EXPOSE 8200 443 80
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile"]
