using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orleans.Pipeline.Cli.Tests.Processes;

/// <summary>A certificate authority of the test's own.</summary>
internal sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _root;

    public Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true,
            hasPathLengthConstraint: false,
            0,
            critical: true));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    /// <summary>The authority's own certificate, as PEM.</summary>
    public string Pem => _root.ExportCertificatePem();

    /// <summary>Issues a certificate for an address of loopback.</summary>
    /// <param name="name">For whom it is: an address, or a name.</param>
    /// <param name="lifetime">How long it is valid.</param>
    public X509Certificate2 Issue(string name, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(
            _root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow + lifetime, RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose() => _root.Dispose();
}
