using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>
/// The callers in the settings. They follow the settings while the host runs: new callers apply from the next request on, and
/// invalid settings are logged and do not change the callers.
/// </summary>
internal sealed partial class Callers : IDisposable
{
    private const string Realm = "Orleans.Pipeline";

    private readonly IOptionsFactory<GatewaySettings> _settings;
    private readonly ILogger<Callers> _logger;
    private readonly List<IDisposable> _changes;
    private volatile KnownCallers _known;

    public Callers(
        IOptionsFactory<GatewaySettings> settings, IEnumerable<IOptionsChangeTokenSource<GatewaySettings>> changes, ILogger<Callers> logger)
    {
        _settings = settings;
        _logger = logger;
        var current = Current();
        _known = KnownCallers.Of(current, wereAsked: false);
        HaveTokens = current.Jwt is not null;
        _changes = [.. changes.Select(source => ChangeToken.OnChange(source.GetChangeToken, Refresh))];
    }

    /// <summary>Whether callers must authenticate. Once true, it stays true until the host stops, even if the settings change.</summary>
    public bool AreAsked => _known.AreAsked;

    /// <summary>Whether the gateway accepts requests from other machines.</summary>
    public bool MayComeFromElsewhere => _known.AreAsked || _known.MayBeAnyone;

    public bool HaveTokens { get; }

    public bool HaveCertificates => _known.ByThumbprint.Count > 0;

    /// <summary>Lists the accepted kinds of credentials for the header <c>WWW-Authenticate</c>.</summary>
    /// <param name="tokenFailed">Whether the request had a token that was refused.</param>
    public StringValues Challenges(bool tokenFailed)
    {
        var key = $"ApiKey realm=\"{Realm}\", header=\"{GatewayAuthentication.KeyHeader}\"";
        var token = $"Bearer realm=\"{Realm}\"{(tokenFailed ? ", error=\"invalid_token\"" : "")}";
        return HaveTokens ? new StringValues([key, token]) : new StringValues(key);
    }

    /// <summary>The advice for a request without credentials.</summary>
    public string Hint => $"Send an API key in the header "
        + $"{GatewayAuthentication.KeyHeader}{(HaveTokens ? " or a token as Authorization: Bearer" : "")}.";

    /// <summary>
    /// Finds the caller of an API key; null if the key is unknown. The search takes the same time whatever the keys and their likeness.
    /// </summary>
    public Caller? FindByKey(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        Caller? found = null;
        foreach (var (known, caller) in _known.ByKey)
        {
            found = CryptographicOperations.FixedTimeEquals(known, hash) ? caller : found;
        }

        return found;
    }

    public Caller? FindByCertificate(X509Certificate2 certificate) =>
        _known.ByThumbprint.GetValueOrDefault(certificate.GetCertHashString(HashAlgorithmName.SHA256));

    /// <summary>Finds a caller with an API key by name; null if the settings have none.</summary>
    public Caller? FindByName(string name) => _known.ByKey.Select(key => key.Caller).FirstOrDefault(caller => caller.Name == name);

    public void Dispose() => _changes.ForEach(change => change.Dispose());

    private AuthenticationSettings Current() => _settings.Create(Options.DefaultName).Authentication;

    private void Refresh()
    {
        try
        {
            _known = KnownCallers.Of(Current(), _known.AreAsked);
            Refreshed(_known.ByKey.Count, _known.ByThumbprint.Count);
        }
        catch (OptionsValidationException refused)
        {
            NotRefreshed(string.Join(' ', refused.Failures));
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The settings changed. The gateway now accepts {Keys} API keys and "
        + "{Certificates} certificates")]
    private partial void Refreshed(int keys, int certificates);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The changed settings are not valid, so the callers stay the same: {Faults}")]
    private partial void NotRefreshed(string faults);
}
