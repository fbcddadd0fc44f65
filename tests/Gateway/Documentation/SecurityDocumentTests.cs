using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway.Tests.Documentation;

/// <summary>What docs/security.md says is so.</summary>
public sealed partial class SecurityDocumentTests
{
    private const string PageAddress = "localhost:5080";

    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "security.md"));

    [Fact]
    public void The_table_of_limits_has_each_with_its_default_and_no_other()
    {
        var limits = typeof(GatewayLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(limit => (limit.Name, Default: Convert.ToString(limit.GetValue(new GatewayLimits()), CultureInfo.InvariantCulture)!));

        Assert.Equal(limits, LimitRow().Matches(Page).Select(row => (row.Groups[1].Value, row.Groups[2].Value)));
    }

    [Fact]
    public async Task The_table_of_endpoints_has_each_with_what_it_needs()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var endpoints =
            from endpoint in gateway.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
            from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
            select $"| `{method} {endpoint.RoutePattern.RawText}` | {NeedOf(endpoint.Metadata.GetRequiredMetadata<AccessNeed>())}";

        Assert.Equal(endpoints.Order(), EndpointRow().Matches(Page).Select(row => row.Value.Trim()).Order());
    }

    [Fact]
    public void Every_configuration_starts_a_host()
    {
        var blocks = CodeBlock("json");
        using var directory = new TemporaryDirectory();
        using var key = RSA.Create(2048);
        File.WriteAllText(directory["issuer.pem"], key.ExportSubjectPublicKeyInfoPem());

        Assert.Equal(4, blocks.Count);
        Assert.All(blocks, block =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(block.Replace(
                "issuer.pem",
                directory["issuer.pem"],
                StringComparison.Ordinal))));
            builder.AddPipelineGateway();
            using IHost app = builder.Build();
            Assert.True(app.Services.GetRequiredService<Callers>().AreAsked);
        });
    }

    [Fact]
    public void The_code_compiles()
    {
        var source = Flatten(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "SecurityDocument.cs")));

        Assert.All(CodeBlock("csharp"), block => Assert.Contains(Flatten(block), source, StringComparison.Ordinal));
    }

    [CurlFact]
    public async Task Every_example_prints_what_the_page_says()
    {
        var key = ApiKey.Create();
        var configuration = CodeBlock("json")[0].Replace(
            "sha256:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", key.Hash, StringComparison.Ordinal);
        await using var gateway = await GatewayHost.StartAsync(
            build: builder => builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(configuration))));
        await gateway.Store.CreateTopicAsync("orders", new());
        using var shell = new ShellSession(Path.GetTempPath(), new Dictionary<string, string> { ["TILL"] = key.Key }, "");

        var examples = ConsoleExamples.Read(Page);
        Assert.Equal(4, examples.Count);
        foreach (var example in examples)
        {
            var (output, _) = await shell.RunAsync(example.Command.Replace(
                PageAddress,
                gateway.Address.Authority,
                StringComparison.Ordinal));
            var printed = output.Replace("\r", "", StringComparison.Ordinal);
            Assert.True(ExpectedOutput.Matches(example.Output, printed), $"Line {example.Line}: {example.Command}\n{printed}");
        }
    }

    private static string NeedOf(AccessNeed need)
    {
        var scopes = need.AnyOf == Scopes.All ? "any" : string.Join(" or ", ScopeNames.Of(need.AnyOf).Select(name => $"`{name}`"));
        return need.Subject == Subject.None ? $"{scopes} | |" : $"{scopes} | the {need.Subject.ToString().ToLowerInvariant()} |";
    }

    private static List<string> CodeBlock(string language) =>
        [.. Regex.Matches(Page, $"```{language}\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

    /// <summary>Code without its indentation.</summary>
    private static string Flatten(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex LimitRow();

    [GeneratedRegex(@"^\| `[A-Z]+ /v1/.*\|$", RegexOptions.Multiline)]
    private static partial Regex EndpointRow();
}
