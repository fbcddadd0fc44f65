using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Pipeline;

/// <summary>A secret that identifies a caller of the HTTP API, and the hash by which a gateway recognises the secret.</summary>
/// <remarks>
/// The caller sends the key in the header <c>X-Api-Key</c>; the gateway's configuration holds only the hash. A key has 256 random bits,
/// so guessing it is infeasible, however fast the hash is. SHA-256 is therefore enough; a password would need a slow hash.
/// </remarks>
public sealed class ApiKey
{
    /// <summary>The prefix of every key. Scanners of source code recognise a committed key by it.</summary>
    public const string Prefix = "plk_";

    /// <summary>The prefix of every hash, which names the algorithm.</summary>
    public const string HashPrefix = "sha256:";

    private const int RandomBytes = 32;

    private ApiKey(string key) => (Key, Hash) = (key, HashOf(key));

    /// <summary>The secret: <c>plk_</c> and 256 random bits as base64url. Give it to the caller: it is stored nowhere else.</summary>
    public string Key { get; }

    /// <summary>The hash, for the gateway's configuration: <c>sha256:</c> and the SHA-256 of the key's UTF-8 bytes as base64.</summary>
    public string Hash { get; }

    /// <summary>Creates a random key.</summary>
    public static ApiKey Create() => new(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>Returns the hash of a key, in the form of <see cref="Hash"/>.</summary>
    /// <param name="key">The key.</param>
    public static string HashOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return HashPrefix + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Returns the hash, never the secret.</summary>
    public override string ToString() => Hash;
}
