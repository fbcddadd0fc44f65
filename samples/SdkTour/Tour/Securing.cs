using System.Security.Cryptography.X509Certificates;
using Orleans.Pipeline.Client;

namespace SdkTour;

internal static class Securing
{
    public static async Task ClientsAsync(string address)
    {
        #region api-key
        await using var client = new PipelineClient(address, new PipelineClientSettings
        {
            ApiKey = Environment.GetEnvironmentVariable("PIPELINE_API_KEY"),
        });
        #endregion

        await client.Admin.ListTopicsAsync();
        await using var others = WithTokens(address);
        await others.Admin.ListTopicsAsync();
    }

    private static PipelineClient WithTokens(string address)
    {
        #region tokens
        var tokens = new TokenCache();
        return new PipelineClient(address, new PipelineClientSettings { TokenProvider = tokens.GetAsync });
        #endregion
    }

    /// <summary>Compiled, not run: it needs certificates.</summary>
    public static PipelineClient WithCertificates()
    {
        #region certificates
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile("ca.pem");
        return new PipelineClient("https://gateway.example", new PipelineClientSettings
        {
            TrustedCertificates = roots,
            ClientCertificates = [X509Certificate2.CreateFromPemFile("till.pem", "till.key")],
        });
        #endregion
    }

    /// <summary>Compiled, not run: it needs a cluster.</summary>
    public static PipelineClient OfACluster()
    {
        #region several-gateways
        return new PipelineClient([new("http://silo-1:5080"), new("http://silo-2:5080"), new("http://silo-3:5080")]);
        #endregion
    }

    /// <summary>Stands for the issuer of tokens.</summary>
    private sealed class TokenCache
    {
        public ValueTask<string> GetAsync(CancellationToken cancellationToken) => new("a-token");
    }
}
