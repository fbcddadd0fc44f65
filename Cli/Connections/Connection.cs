using System.CommandLine;
using Orleans.Pipeline.Cli.Usage;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Connections;

/// <summary>
/// How a command reaches a server: by the command line, else the environment, else the profile in use. A profile's credentials go to its
/// own servers. They go to other servers only if the command line names both.
/// </summary>
/// <param name="Servers">The gateways' addresses.</param>
/// <param name="Source">Where the addresses come from: <c>--server</c>, <c>PIPELINE_SERVER</c> or a profile.</param>
internal sealed record Connection(IReadOnlyList<Uri> Servers, string Source)
{
    private const string Variable = "PIPELINE_SERVER";
    private const int LongestHost = 253; // RFC 1035, section 2.3.4, as text

    public string? ProfileName { get; private init; }

    /// <summary>
    /// The caller's credentials; null for none. The environment takes precedence over the profile in use. A profile that the command line
    /// names takes precedence over the environment.
    /// </summary>
    public Credentials? Credentials { get; private init; }

    /// <summary>Certificates to trust instead of the machine's; null for the machine's.</summary>
    public string? CaFile { get; private init; }

    public string? ClientCertificateFile { get; private init; }

    /// <summary>The key of the client's certificate; null if it is in the same file.</summary>
    public string? ClientKeyFile { get; private init; }

    /// <summary>How long a request may go without an answer; null for the SDK's default.</summary>
    public TimeSpan? Timeout { get; private init; }

    /// <summary>Combines the options, the environment and the profile.</summary>
    /// <exception cref="UsageException">No server is named, or a setting is invalid.</exception>
    public static Connection Find(ParseResult options)
    {
        var named = options.GetValue(GlobalOptions.Profile);
        var given = options.GetValue(GlobalOptions.Server) is { Length: > 0 } servers ? servers : null;
        var environment = given is null && named is null ? FromEnvironment(Variable) : null;
        var (name, profile) = named is not null
            || (given is null && environment is null) ? FindProfile(named ?? FromEnvironment("PIPELINE_PROFILE")) : default;
        var (addresses, source) = (given, environment, profile) switch
        {
            ({ } addressed, _, _) => (addressed, "--server"),
            (_, { } listed, _) =>
                (listed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), Variable),
            (_, _, { } known) => (known.Servers, $"profile {name}"),
            _ => throw new UsageException(
                "No server is configured. Give --server http://localhost:5080, set PIPELINE_SERVER, or add a profile: "
                    + "pipeline profile add local --server http://localhost:5080"),
        };
        if (addresses.Count == 0)
        {
            throw new UsageException($"{source} names no server. Give the address of one, such as http://localhost:5080.");
        }

        return new([.. addresses.Select(address => AddressOf(address, source))], source)
        {
            ProfileName = name,
            Credentials = named is not null
                ? Credentials.OfProfile(profile) ?? Credentials.OfEnvironment()
                : Credentials.OfEnvironment() ?? Credentials.OfProfile(profile),
            CaFile = FromEnvironment("PIPELINE_CA_FILE") ?? profile?.CaFile,
            ClientCertificateFile = FromEnvironment("PIPELINE_CLIENT_CERTIFICATE_FILE") ?? profile?.ClientCertificateFile,
            ClientKeyFile = FromEnvironment("PIPELINE_CLIENT_KEY_FILE") ?? profile?.ClientKeyFile,
            Timeout = options.GetValue(GlobalOptions.Timeout) ?? TimeoutOf(profile, name),
        };
    }

    public PipelineClient CreateClient() => CreateClient(Servers);

    public PipelineClient CreateClient(Uri server) => CreateClient([server]);

    /// <summary>Parses a server's address. Without a scheme the address is HTTP.</summary>
    /// <exception cref="UsageException">The text is not an address.</exception>
    /// <param name="text">The address.</param>
    /// <param name="source">What names the address, for the error.</param>
    public static Uri AddressOf(string text, string source)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(whole, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address is { UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 and <= LongestHost }
            ? address
            : throw new UsageException(
                $"{source}: '{text}' is not the address of a server. Give one such as http://localhost:5080, without a key or a query.");
    }

    private PipelineClient CreateClient(IReadOnlyList<Uri> servers)
    {
        var settings = new PipelineClientSettings();
        return new(servers, settings with
        {
            RequestTimeout = Timeout ?? settings.RequestTimeout,
            ApiKey = Credentials?.ApiKey(),
            TokenProvider = Credentials?.TokenProvider(),
            TrustedCertificates = CaFile is null ? null : Certificates.Trusted(CaFile),
            ClientCertificates = ClientCertificateFile is null ? null : Certificates.OfClient(ClientCertificateFile, ClientKeyFile),
        });
    }

    private static (string? Name, Profile? Profile) FindProfile(string? name)
    {
        var file = ProfileFile.Read();
        name ??= file.Current;
        return name is null ? default : (name, file.Find(name));
    }

    private static TimeSpan? TimeoutOf(Profile? profile, string? name)
    {
        if (profile?.Timeout is not { } text)
        {
            return null;
        }

        return DurationText.TryParse(text, out var timeout) && timeout > TimeSpan.Zero && timeout <= DurationText.LongestWait
            ? timeout
            : throw new UsageException(
                $"The timeout of profile '{name}', '{text}', is not a duration of at most {DurationText.Format(DurationText.LongestWait)}. "
                    + "Give one such as 30s.");
    }

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
