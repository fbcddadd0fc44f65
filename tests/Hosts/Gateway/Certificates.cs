using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Pipeline.Hosts;

/// <summary>Makes self-signed certificates.</summary>
internal static class Certificates
{
    public static X509Certificate2 Create(string name, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var ends = notAfter ?? DateTimeOffset.UtcNow.AddDays(1);
        return request.CreateSelfSigned(ends.AddDays(-2), ends);
    }
}
