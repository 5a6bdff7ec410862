using System.Net;
using System.Threading.RateLimiting;
using As2.Agreements;
using As2.Telemetry;
using Microsoft.AspNetCore.Http;

namespace As2.AspNetCore;

/// <summary>One request before the guard: may it come in, and does its work wait in line. Ended with the request.</summary>
internal sealed class RequestGate : IRequestGate, IDisposable
{
    private static readonly TimeSpan s_busy = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tooMany = TimeSpan.FromMinutes(1);

    private readonly EndpointGuard _guard;
    private readonly ConnectionInfo _connection;
    private readonly IPAddress? _address;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenRegistration _abort;
    private Partnership? _partnership;
    private RateLimitLease? _place;
    private bool _isProven;

    public RequestGate(EndpointGuard guard, HttpContext context)
    {
        (_guard, _connection) = (guard, context.Connection);
        _address = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        _deadline = guard.Deadlines.Get();
        _deadline.CancelAfter(guard.Options.MaxRequestTime);
        _abort = context.RequestAborted.UnsafeRegister(static deadline => ((CancellationTokenSource)deadline!).Cancel(), _deadline);
    }

    /// <summary>Ends with the connection, and when the request took too long.</summary>
    public CancellationToken Deadline => _deadline.Token;

    /// <inheritdoc/>
    public async ValueTask<GateAnswer> AdmitAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        _partnership = partnership;
        var (reason, isNamed) = await _guard.Policy.JudgeAsync(partnership, _address, _connection.ClientCertificate, cancellationToken).ConfigureAwait(false);
        if (reason is not null)
            return new GateAnswer(reason);
        _isProven = isNamed || _guard.Proven.Knows(partnership, _address);
        if (partnership.Access.MaxRequestTime is { } time)
            _deadline.CancelAfter(time);
        return _isProven ? await AdmitProvenAsync(partnership, cancellationToken).ConfigureAwait(false) : AdmitUnproven();
    }

    /// <inheritdoc/>
    public async ValueTask<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_isProven)
            return null;
        var since = _guard.Clock.GetTimestamp();
        var turn = await _guard.TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        Measures.StrangerWait.Record(_guard.Clock.GetElapsedTime(since).TotalSeconds);
        return turn;
    }

    /// <inheritdoc/>
    public ValueTask LearnAsync(bool isProven, CancellationToken cancellationToken)
    {
        if (isProven)
            _guard.Proven.Add(_partnership!, _address);
        return !isProven && !_isProven && _address is not null ? _guard.Failures.CountAsync(_address, cancellationToken) : ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _place?.Dispose();
        _abort.Dispose();
        _guard.Deadlines.Return(_deadline);
    }

    private async ValueTask<GateAnswer> AdmitProvenAsync(Partnership partnership, CancellationToken cancellationToken)
    {
        if (!await _guard.Rates.TryEnterAsync(partnership, cancellationToken).ConfigureAwait(false))
            return new GateAnswer($"more requests in a minute than {partnership} may make", StatusCodes.Status429TooManyRequests, s_tooMany);
        _place = _guard.EnterAs(partnership);
        return _place.IsAcquired ? default : new GateAnswer($"as many requests of {partnership} as may be answered at once", StatusCodes.Status503ServiceUnavailable, s_busy);
    }

    private GateAnswer AdmitUnproven()
    {
        if (_address is not null && _guard.Failures.AreTooMany(_address))
            return new GateAnswer("too many messages from there could not be opened or verified", StatusCodes.Status429TooManyRequests, s_tooMany);
        _place = _guard.EnterUnproven();
        return _place.IsAcquired ? default : new GateAnswer("as many requests as callers that have proven nothing may have at once", StatusCodes.Status503ServiceUnavailable, s_busy);
    }
}
