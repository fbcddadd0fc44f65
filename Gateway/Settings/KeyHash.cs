using System.Security.Cryptography;

namespace Orleans.Pipeline.Gateway.Settings;

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
