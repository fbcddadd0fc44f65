using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orleans.Pipeline.Gateway.Tests;

public sealed class HttpVersionTests : GatewayTest
{
    [Fact]
    public async Task HTTP_2_without_TLS_is_spoken_from_the_first_byte_on_a_port_of_its_own()
    {
        using var appended = await Gateway.Http2.PostAsync("/v1/topics/orders/partitions/0/batches", Content(Batch("a"), BatchType));

        Assert.Equal(HttpVersion.Version20, appended.Version);
        Assert.Equal("""{"baseOffset":0,"nextOffset":1,"isRepeat":false}""", (await JsonAsync(appended)).ToJsonString());
        await AssertProblemAsync(await Gateway.Http2.GetAsync("/v1/nothing"), 404, "not-found");
    }

    [Fact]
    public async Task Many_batches_travel_at_once_over_one_HTTP_2_connection()
    {
        var values = Enumerable.Range(0, 20).Select(number => new string((char)('a' + number), 300_000)).ToArray();

        var answers = await Task.WhenAll(values.Select(
            value => Gateway.Http2.PostAsync("/v1/topics/orders/partitions/0/batches", Content(Batch(value), BatchType))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var batches = await Gateway.Store.ReadAsync(new("orders", 0), 0, int.MaxValue, TimeSpan.Zero);
        Assert.Equal(values, batches.Select(ValueOf).Order());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_versions_share_one_port_with_TLS(string version)
    {
        using var certificate = Certificates.Create("localhost");
        await using var gateway = await GatewayHost.StartAsync(listen: settings => settings.Certificate = certificate);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) =>
            presented!.GetCertHashString() == certificate.GetCertHashString();
        using var http = new HttpClient(handler)
        {
            BaseAddress = gateway.Address,
            DefaultRequestVersion = new Version(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await http.GetAsync("/v1/topics");

        Assert.Equal("https", gateway.Address.Scheme);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(version, response.Version.ToString());
    }

    [Fact]
    public async Task A_plain_HTTP_1_1_exchange_reads_as_documented()
    {
        var body = "{\"id\":\"till-7\"}\n{\"id\":\"till-8\"}\n";
        var answer = await ExchangeAsync(
            $"POST /v1/topics/orders/records?key=id&partition=1 HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Type: application/x-ndjson; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        Assert.Contains("\r\nContent-Type: application/json; charset=utf-8\r\n", answer);
        Assert.DoesNotContain("\r\nServer:", answer);
        Assert.Contains("""{"appended":2,"partitions":[{"partition":1,"baseOffset":0,"nextOffset":2,"records":2}]}""", answer);
    }

    [Fact]
    public async Task A_body_that_ends_early_appends_nothing()
    {
        var batch = Batch("a");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/topics/orders/partitions/0/batches HTTP/1.1\r\nHost: gateway\r\nContent-Type: {BatchType}\r\nContent-Length: {batch.Length}\r\n\r\n"));
        await stream.WriteAsync(batch.AsMemory(0, batch.Length - 1));
        client.Client.Shutdown(SocketShutdown.Send);

        var answer = "";
        try
        {
            answer = await new StreamReader(stream).ReadToEndAsync();
        }
        catch (IOException)
        {
            // The server may cut such a connection as well as answer.
        }

        Assert.DoesNotContain("200 OK", answer);
        Assert.Equal(0, await EndAsync());
    }

    private async Task<string> ExchangeAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request));
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
