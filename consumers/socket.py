async def socket_application(scope, receive, send):
    await receive()
    await send({"type": "websocket.close", "code": 4401})
