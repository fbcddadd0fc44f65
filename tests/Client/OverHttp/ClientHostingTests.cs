using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>Clients, producers and consumers that a host registers, configures and disposes of.</summary>
public sealed class ClientHostingTests : ClientTest
{
    [Fact]
    public async Task A_host_has_what_it_adds_from_its_configuration_and_flushes_when_it_stops()
    {
        var builder = Builder(("Pipeline:Client:Addresses:0", Gateway.Address.ToString()), ("Pipeline:Client:RequestTimeout", "00:00:07"));
        builder.Services
            .AddPipelineClient()
            .AddPipelineProducer("orders", new() { Linger = TimeSpan.FromHours(1) })
            .AddPipelineProducer("orders", OrderJson.Default.Order, order => order.Customer)
            .AddPipelineConsumer("orders", OrderJson.Default.Order, new() { StopAtEnd = true });
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await host.Services.GetRequiredKeyedService<Producer>("orders").EnqueueAsync("k", "unflushed");
            var sent = await host.Services.GetRequiredService<Producer<Order>>().SendAsync(new("customer-7", 1));
            await foreach (var record in host.Services.GetRequiredService<Consumer<Order>>().ReadAsync())
            {
                Assert.Equal((sent.ToString(), new Order("customer-7", 1)), (record.ToString(), record.Value));
            }

            Assert.Same(
                host.Services.GetRequiredService<Producer<Order>>(), host.Services.GetRequiredKeyedService<Producer<Order>>("orders"));
            Assert.Equal(TimeSpan.FromSeconds(7), host.Services.GetRequiredService<IOptions<PipelineClientOptions>>().Value.RequestTimeout);
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        Assert.Contains("unflushed", await ValuesAsync(KeyPartitioner.PartitionOf("k"u8, 2)));
    }

    [Fact]
    public async Task Clients_of_several_clusters_are_kept_apart_by_their_names()
    {
        await using var west = await GatewayHost.StartAsync();
        await west.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 1 });
        var builder = Builder(
            ("Pipeline:Clients:east:Addresses", $"http://127.0.0.1:1, {Gateway.Address}"),
            ("Pipeline:Clients:east:ApiKey", "plk_east"),
            ("Pipeline:Clients:west:Addresses", west.Address.ToString()));
        builder.Services
            .AddPipelineClient("east")
            .AddPipelineClient("west", options => options.MaximumConnections = 3)
            .AddPipelineProducer("orders", OrderJson.Default.Order, client: "east")
            .AddPipelineConsumer("orders", client: "west");
        using var host = builder.Build();
        await host.StartAsync();

        await host.Services.GetRequiredService<Producer<Order>>().SendAsync(new("customer-7", 1));

        Assert.Equal(1, await EndAsync(0) + await EndAsync(1));
        Assert.Equal(0, (await west.Store.GetBoundsAsync(new("orders", 0))).End);
        Assert.Equal(
            2, (await host.Services.GetRequiredKeyedService<PipelineClient>("east").Admin.DescribeTopicAsync("orders")).Partitions.Count);
        Assert.Equal(1, await host.Services.GetRequiredKeyedService<PipelineClient>("west").Admin.DescribeTopicAsync("orders") is { Partitions.Count: var count } ? count : 0);
        Assert.Null(host.Services.GetService<PipelineClient>());
        var options = host.Services.GetRequiredService<IOptionsMonitor<PipelineClientOptions>>();
        Assert.Equal(("plk_east", 32, null, 3), (
            options.Get("east").ApiKey,
            options.Get("east").MaximumConnections,
            options.Get("west").ApiKey,
            options.Get("west").MaximumConnections));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Addresses", "", "section 'Pipeline:Client' of the configuration): Addresses has no address")]
    [InlineData("Addresses", "localhost:5080", "'localhost:5080' is not the address of a gateway")]
    [InlineData("RequestTimeout", "00:00:00", "The client setting RequestTimeout is 00:00:00; give a positive time.")]
    [InlineData("RequestTimeout", "soon", "The section 'Pipeline:Client' of the configuration is not valid")]
    [InlineData("ApiKye", "x", "ApiKye")]
    [InlineData("ApiKeyFile", "/nowhere/key", "ApiKeyFile '/nowhere/key' cannot be read")]
    [InlineData("ApiKey", "plk hunter2", "The client setting ApiKey is empty, or holds characters")]
    [InlineData("ClientCertificateKeyFile", "/nowhere/key.pem", "ClientCertificateKeyFile is set without ClientCertificateFile.")]
    [InlineData("ClientCertificateFile", "/nowhere/client.pem", "ClientCertificateFile '/nowhere/client.pem' cannot be read")]
    [InlineData("TrustedCertificatesFile", "/nowhere/ca.pem", "TrustedCertificatesFile '/nowhere/ca.pem' cannot be read")]
    public async Task A_host_whose_client_is_not_configured_well_does_not_start_and_says_why(string setting, string value, string fault)
    {
        var builder = Builder(
            ("Pipeline:Client:Addresses:0", setting == "Addresses" ? null : "http://localhost:5080"),
            ($"Pipeline:Client:{setting}", value));
        builder.Services.AddPipelineClient();
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_host_and_its_configuration_code_says_it_all()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "plk_from_file\n");
        PipelineClientSettings? made = null;
        var services = new ServiceCollection().AddPipelineClient(options =>
        {
            options.Addresses.Add(Gateway.Address.ToString());
            options.ApiKeyFile = file;
            options.Customize(settings => made = settings with { UseHttp2 = false });
        });
        await using var provider = services.BuildServiceProvider();

        Assert.NotEmpty(await provider.GetRequiredService<PipelineClient>().Admin.ListTopicsAsync());

        Assert.Equal("plk_from_file", made!.ApiKey);
        Assert.DoesNotContain("plk_from_file", made.ToString(), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task A_fault_of_a_certificate_or_of_its_key_is_reported_under_the_file_that_has_it()
    {
        using var folder = new TemporaryDirectory();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(folder["client.pem"], certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(folder["other.pem"], other.ExportPkcs8PrivateKeyPem());
        PipelineClientOptions Options(string file, string keyFile) => new()
        {
            Addresses = { Gateway.Address.ToString() },
            ClientCertificateFile = folder[file],
            ClientCertificateKeyFile = folder[keyFile],
        };

        Assert.True(Options("client.pem", "key.pem").Build().Settings.ClientCertificates![0].HasPrivateKey);
        Assert.StartsWith(
            $"ClientCertificateKeyFile '{folder["missing"]}' cannot be read",
            Assert.Throws<ArgumentException>(() => Options("client.pem", "missing").Build()).Message);
        Assert.StartsWith(
            $"ClientCertificateKeyFile '{folder["other.pem"]}' cannot be read",
            Assert.ThrowsAny<ArgumentException>(() => Options("client.pem", "other.pem").Build()).Message);
        Assert.StartsWith(
            $"ClientCertificateFile '{folder["key.pem"]}' cannot be read",
            Assert.Throws<ArgumentException>(() => Options("key.pem", "key.pem").Build()).Message);
    }

    private static HostApplicationBuilder Builder(params (string Key, string? Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(configuration.Where(pair => pair.Value is not null).ToDictionary(
            pair => pair.Key,
            pair => pair.Value));
        return builder;
    }
}
