"""Sign-in for teams by OpenID Connect: asking the provider, and believing nothing unchecked."""
