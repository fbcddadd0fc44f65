using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Orleans.Pipeline.Gateway.Settings;

internal static class SigningKeys
{
    private const int MinimumSecretBytes = 32;

    /// <exception cref="FormatException">The settings have no valid key. The message has the reason, without the key.</exception>
    public static SecurityKey Read(SigningKeySettings settings)
    {
        SecurityKey key = settings switch
        {
            { Secret: { } secret, PublicKey: null, PublicKeyFile: null } => OfSecret(secret),
            { Secret: null, PublicKey: { } pem, PublicKeyFile: null } => OfPem(pem),
            { Secret: null, PublicKey: null, PublicKeyFile: { } file } => OfPem(Contents(file)),
            _ => throw new FormatException("needs one of Secret, PublicKey and PublicKeyFile, and not two."),
        };
        key.KeyId = settings.Id;
        return key;
    }

    private static SymmetricSecurityKey OfSecret(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= MinimumSecretBytes
            ? new SymmetricSecurityKey(bytes[..length])
            : throw new FormatException($"has a Secret that is not at least {MinimumSecretBytes} bytes as base64.");
    }

    private static AsymmetricSecurityKey OfPem(string pem)
    {
        try
        {
            return (AsymmetricSecurityKey?)OfRsa(pem) ?? OfCurve(pem);
        }
        catch (Exception unfit) when (unfit is CryptographicException or ArgumentException)
        {
            throw new FormatException(
                "has a public key that is no RSA or elliptic-curve key as PEM ('-----BEGIN PUBLIC KEY-----').", unfit);
        }
    }

    private static RsaSecurityKey? OfRsa(string pem)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return new RsaSecurityKey(rsa);
        }
        catch (Exception unfit) when (unfit is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            return null;
        }
    }

    private static ECDsaSecurityKey OfCurve(string pem)
    {
        var curve = ECDsa.Create();
        curve.ImportFromPem(pem);
        return new ECDsaSecurityKey(curve);
    }

    private static string Contents(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"names the file '{file}', which cannot be read: {unreadable.Message}", unreadable);
        }
    }
}
