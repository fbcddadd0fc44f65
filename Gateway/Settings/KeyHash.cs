using System.Security.Cryptography;

namespace Orleans.Pipeline.Gateway.Settings;

/// <summary>Reads the hash of an API key as <see cref="ApiKey.Hash"/> writes it.</summary>
internal static class KeyHash
{
    /// <summary>Returns the bytes of a hash; null if the text is not one.</summary>
    public static byte[]? Parse(string text)
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        return text.StartsWith(ApiKey.HashPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[ApiKey.HashPrefix.Length..], bytes, out var written)
            && written == bytes.Length ? bytes : null;
    }
}
