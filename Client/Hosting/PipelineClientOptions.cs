using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Pipeline.Client.Http;

namespace Orleans.Pipeline.Client;

/// <summary>
/// The options of a client in configuration: the section <c>Pipeline:Client</c>, or <c>Pipeline:Clients:&lt;name&gt;</c> for a named
/// client. The host validates them at start.
/// </summary>
public sealed class PipelineClientOptions
{
    private static readonly PipelineClientSettings Defaults = new();

    private Func<PipelineClientSettings, PipelineClientSettings> _customize = static settings => settings;

    /// <summary>
    /// The addresses of the cluster's gateways, one or more, such as <c>http://silo-1:5080</c>. The configuration may hold a list, or one
    /// value with commas between the addresses.
    /// </summary>
    public IList<string> Addresses { get; set; } = [];

    /// <summary>The API key; see <see cref="PipelineClientSettings.ApiKey"/>. Default none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file with the API key, such as a mounted secret, read once. Default none.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>A PEM file with the client's certificate, for gateways that request one. Default none.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>A PEM file with that certificate's private key; default the same file.</summary>
    public string? ClientCertificateKeyFile { get; set; }

    /// <summary>A PEM file with trusted root certificates, instead of the system's. Default none.</summary>
    public string? TrustedCertificatesFile { get; set; }

    /// <summary>See <see cref="PipelineClientSettings.RequestTimeout"/>. Default 30 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = Defaults.RequestTimeout;

    /// <summary>See <see cref="PipelineClientSettings.ConnectTimeout"/>. Default 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = Defaults.ConnectTimeout;

    /// <summary>See <see cref="PipelineClientSettings.DnsRefresh"/>. Default 1 minute.</summary>
    public TimeSpan DnsRefresh { get; set; } = Defaults.DnsRefresh;

    /// <summary>See <see cref="PipelineClientSettings.MaximumConnections"/>. Default 32.</summary>
    public int MaximumConnections { get; set; } = Defaults.MaximumConnections;

    /// <summary>See <see cref="PipelineClientSettings.UseHttp2"/>. Default false.</summary>
    public bool UseHttp2 { get; set; }

    /// <summary>Changes settings that configuration cannot express, such as <see cref="PipelineClientSettings.TokenProvider"/>.</summary>
    /// <param name="customize">Returns the changed settings.</param>
    public void Customize(Func<PipelineClientSettings, PipelineClientSettings> customize)
    {
        var before = _customize;
        _customize = settings => customize(before(settings));
    }

    /// <exception cref="ArgumentException">A setting is missing or not valid; the message names it.</exception>
    internal (IReadOnlyList<Uri> Addresses, PipelineClientSettings Settings) Build()
    {
        if (Addresses.Count == 0)
        {
            throw new ArgumentException(
                $"{nameof(Addresses)} has no address. Give the address of a gateway, such as http://localhost:5080.");
        }

        if (ApiKey is not null && ApiKeyFile is not null)
        {
            throw new ArgumentException($"{nameof(ApiKey)} and {nameof(ApiKeyFile)} are both set. Set only one of them.");
        }

        if (ClientCertificateKeyFile is not null && ClientCertificateFile is null)
        {
            throw new ArgumentException(
                $"{nameof(ClientCertificateKeyFile)} is set without {nameof(ClientCertificateFile)}. Set the file of the certificate too.");
        }

        var settings = _customize(new PipelineClientSettings
        {
            ApiKey = ApiKey ?? Read(ApiKeyFile, nameof(ApiKeyFile), static file => File.ReadAllText(file).Trim()),
            ClientCertificates = Read(ClientCertificateFile, nameof(ClientCertificateFile), ReadClientCertificate),
            TrustedCertificates = Read(TrustedCertificatesFile, nameof(TrustedCertificatesFile), ReadCertificates),
            RequestTimeout = RequestTimeout,
            ConnectTimeout = ConnectTimeout,
            DnsRefresh = DnsRefresh,
            MaximumConnections = MaximumConnections,
            UseHttp2 = UseHttp2,
        });
        settings.Validate();
        return ([.. Addresses.Select(GatewayAddresses.Parse)], settings);
    }

    private static T? Read<T>(string? file, string name, Func<string, T> read)
        where T : class
    {
        try
        {
            return file is null ? null : read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ArgumentException($"{name} '{file}' cannot be read: {failure.Message}", failure);
        }
    }

    private static X509Certificate2Collection ReadCertificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("The file holds no certificate.");
    }

    private X509Certificate2Collection ReadClientCertificate(string file)
    {
        if (ClientCertificateKeyFile is null)
        {
            return [X509Certificate2.CreateFromPemFile(file)];
        }

        // First the certificate alone, so that a fault of the key is reported as one of the key's file.
        var certificate = File.ReadAllText(file);
        X509Certificate2.CreateFromPem(certificate).Dispose();
        return [Read(ClientCertificateKeyFile, nameof(ClientCertificateKeyFile), key => ReadWithKey(certificate, key))!];
    }

    private static X509Certificate2 ReadWithKey(string certificate, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate, File.ReadAllText(keyFile));
        }
        catch (ArgumentException mismatch)
        {
            throw new CryptographicException("The key is not that of the certificate.", mismatch);
        }
    }
}
