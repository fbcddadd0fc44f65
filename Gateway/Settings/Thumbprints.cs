using System.Security.Cryptography;

namespace Orleans.Pipeline.Gateway.Settings;

internal static class Thumbprints
{
    /// <summary>Returns the SHA-256 as 64 upper-case digits; null if the text is not one.</summary>
    public static string? Parse(string text)
    {
        var digits = text.Replace(":", "").ToUpperInvariant();
        return digits.Length == SHA256.HashSizeInBytes * 2 && digits.All(char.IsAsciiHexDigit) ? digits : null;
    }
}
