using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Pipeline.Cli.Usage;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>Reads certificates from PEM files.</summary>
internal static class Certificates
{
    /// <summary>Reads the certificates to trust.</summary>
    /// <exception cref="UsageException">They cannot be read.</exception>
    public static X509Certificate2Collection Trusted(string path)
    {
        var certificates = new X509Certificate2Collection();
        Read(path, () => certificates.ImportFromPemFile(path));
        return certificates.Count > 0
            ? certificates
            : throw new UsageException($"The file of certificates to trust, {path}, holds none. Give one in PEM.");
    }

    /// <summary>Reads the client's certificate with its key.</summary>
    /// <param name="path">The file of the certificate.</param>
    /// <param name="keyPath">The file of its key; null if <paramref name="path"/> holds both.</param>
    /// <exception cref="UsageException">They cannot be read.</exception>
    public static X509Certificate2Collection OfClient(string path, string? keyPath)
    {
        var certificates = new X509Certificate2Collection();
        Read(path, () => certificates.Add(X509Certificate2.CreateFromPemFile(path, keyPath ?? path)));
        return certificates;
    }

    private static void Read(string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"The certificates of {path} cannot be read: {fault.Message}");
        }
    }
}
