import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'openid-client';

/**
 * How Behalf shows the provider that it is itself: by the header, which every provider takes that says nothing else
 * (OpenID Connect Discovery 1.0, section 3), else in the body; without a secret by PKCE alone.
 */
export function chooseClientAuthentication(clientSecret: string | null): ClientAuth {
  if (clientSecret === null) return None();
  const basic = ClientSecretBasic(clientSecret);
  const post = ClientSecretPost(clientSecret);
  return (server, ...rest) => {
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = server;
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}
