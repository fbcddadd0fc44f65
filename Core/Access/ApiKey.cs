using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Orleans.Pipeline;

/// <summary>A secret by which a caller of the HTTP API is known, and the hash by which a gateway recognises it.</summary>
/// <remarks>
/// The caller sends the key in the header <c>X-Api-Key</c>; the gateway's configuration holds only the hash. A key has 256 random bits,
/// so guessing it is infeasible, however fast the hash is. SHA-256 is therefore enough; a password would need a slow hash.
/// </remarks>
public sealed class ApiKey
{
    /// <summary>How every key begins, so that a scanner of source code recognises one that was committed.</summary>
    public const string Prefix = "plk_";

    /// <summary>How every hash begins: it names the algorithm.</summary>
    public const string HashPrefix = "sha256:";

    private const int RandomBytes = 32;

    private ApiKey(string key) => (Key, Hash) = (key, HashOf(key));

    /// <summary>The secret: <c>plk_</c> and 256 random bits as base64url. For the caller; it is kept nowhere else.</summary>
    public string Key { get; }

    /// <summary>The hash, for the gateway's configuration: <c>sha256:</c> and the SHA-256 of the key's UTF-8 bytes as base64.</summary>
    public string Hash { get; }

    /// <summary>Makes a new key.</summary>
    public static ApiKey Create() => new(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    /// <summary>The hash of a key, as <see cref="Hash"/>.</summary>
    /// <param name="key">The key.</param>
    public static string HashOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return HashPrefix + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>The hash; never the secret.</summary>
    public override string ToString() => Hash;
}
